"""Of every cell something is said; cells of which the same is said stand together."""

from crmcore.language import say
from crmcore.organization.spreadsheets import Grid, Report


def test_a_cell_of_which_nothing_was_said_is_told() -> None:
    report = Report(Grid("f.csv", [["a", "b"], ["c", "d"], ["e"]]))
    report.understood((0, 0))
    report.tell("left aside", say("a note"), [(0, 1), (1, 1)])
    report.understand_columns([0], 2)
    report.counts.append(say("1 thing"))
    report.complete()
    assert list(map(str, report.lines())) == [
        "f.csv: 1 thing",
        "  not understood: A2: nothing in the sheet says what this is",
        "  left aside: B1:B2: a note",
        "1 cell was not understood.",
    ]
    assert (report.unread, report.clean) == (1, False)


def test_what_is_hidden_and_what_is_odd_is_told() -> None:
    grid = Grid(
        "f", [["a"], ["b"]], "S", hidden_rows=(1, 2, 3, 6), hidden_columns=(0, 27), odd={(0, 2): say("an error")}
    )
    report = Report(grid)
    report.understood((0, 0), (1, 0))
    report.complete()
    assert list(map(str, report.lines()))[1:] == [
        "  not understood: C1: an error",
        "  note: hidden rows were read like the others: 2-4, 7",
        "  note: hidden columns were read like the others: A, AB",
        "1 cell was not understood.",
    ]
