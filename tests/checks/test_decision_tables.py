"""What the checks find in decision tables is said in the words of the table: rule numbers, and names of inputs."""

from decision_tables import dmn, table

from crmcore.checks.decision_tables import DecisionTables
from crmcore.checks.findings import Report
from crmcore.organization.dmn import DecisionTable, parse_tables


def report(*tables: DecisionTable, select: tuple[str, ...] = ()) -> Report:
    return DecisionTables("t.dmn", tables).check(select=select)


def messages(*tables: DecisionTable) -> list[str]:
    return [f"{finding.code} {finding.message}" for finding in report(*tables).findings]


def test_a_gap_is_told_with_the_names_of_the_inputs() -> None:
    read = table(
        ("> 660", '"Good"', "1"),
        types=("number", "string"),
        names=("Credit score", "DTI"),
        allowed=("", '"Good","Bad"'),
    )
    assert messages(read) == [
        "COV101 no rule of T matches, for example for Credit score=659",
        'COV101 no rule of T matches, for example for DTI="Bad"',
    ]


def test_a_text_that_neither_the_input_nor_any_rule_names_is_no_gap_unless_a_rule_speaks_of_others() -> None:
    named = table(('"Good"', "1"), ('"Bad"', "2"), types=("string",))
    assert messages(named) == []
    assert list(named.assumed.values()) == ["a"]
    others = table(('"Good"', "1"), ('not("Good", "Bad")', "2"), types=("string",))
    assert messages(others) == ['COV101 no rule of T matches, for example for a="Bad"']
    assert others.assumed == {}


def test_a_conflict_is_told_with_the_numbers_of_the_rules() -> None:
    read = table(("< 5", "1"), (">= 5", "2"), ("7", "3"))
    assert messages(read) == ["COV102 rules 2 and 3 of T match together, for example for a=7"]
    (finding,) = report(read).findings
    assert [(related.message, related.place.line) for related in finding.related] == [("rule 2", 8), ("rule 3", 9)]
    assert finding.place.line == 9
    assert finding.box == {"a": ["7"]}


def test_any_minds_only_different_outputs() -> None:
    agreeing, not_ = (table(("-", "1"), ("7", one), policy="ANY") for one in ("1", "2"))
    assert messages(agreeing) == [
        "COV105 rule 2 of T is not needed: rule 1 has the same output wherever it matches",
    ]
    assert messages(not_) == ["COV102 rules 1 and 2 of T match together, with different outputs, for example for a=7"]


def test_priority_does_not_decide_between_outputs_of_the_same_place() -> None:
    rows = (("-", '"yes"', "1"), ("7", '"yes"', "2"), ("8", '"no"', "3"))
    read = table(*rows, policy="PRIORITY", outputs=2, order=('"yes","no"',))
    assert messages(read) == [
        "COV102 rules 1 and 2 of T match together, with different outputs, for example for a=7",
        "COV103 rule 3 of T never answers: wherever it matches, so does what goes before it: rule 1",
    ]


def test_a_rule_behind_others_that_match_wherever_it_does_never_answers() -> None:
    read = table(("<= 5", "1"), ("> 5", "2"), ("[4..6]", "3"), policy="FIRST")
    assert messages(read) == [
        "COV103 rule 3 of T never answers: wherever it matches, so does what goes before it: rules 1 and 2"
    ]


def test_a_rule_whose_conditions_exclude_each_other_can_never_match() -> None:
    read = table(("-", "-", "1"), ("< 1", "> 2", "2"), names=("a", "a"), policy="COLLECT")
    assert messages(read) == ["COV107 rule 2 of T can never match"]


def test_a_table_with_defaults_has_no_gaps() -> None:
    assert messages(table(("1", "1"), default="2")) == []


def test_a_table_of_which_only_one_output_has_a_default_has_gaps() -> None:
    default = b"<defaultOutputEntry><text>2</text></defaultOutputEntry>"
    (read,) = parse_tables(dmn(("1", "1", "1"), outputs=2, default="2").replace(default, b"", 1))
    assert messages(read) == ["COV101 no rule of T matches, for example for a=0"]
    assert read.decide({"a": 0}) == {"out0": None, "out1": 2}


def test_several_tables_make_one_report() -> None:
    one, other = table(("1", "1")), table(("2", "1"), ("2", "2"))
    both = report(one, other)
    assert both.summary.touchpoints == 2
    assert both.summary.duties == 3
    assert both.summary.points == report(one).summary.points + report(other).summary.points
    assert len(both.findings) == 1 + 2
    assert both.organization == "t.dmn"


def test_only_what_means_something_for_a_table_is_checked() -> None:
    assert report(table(("1", "1")), select=("ORG", "JRN")).ok
    assert [finding.code for finding in report(table(("1", "1")), select=("COV1",)).findings] == ["COV101"]
