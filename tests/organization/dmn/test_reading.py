"""DMN files are read, or refused with every fault and its place; no file does harm."""

import pickle
from pathlib import Path

import pytest
from decision_tables import NAMESPACE, dmn, table
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.checks.decision_tables import DecisionTables
from crmcore.errors import Fault, InvalidOrganization
from crmcore.organization import Organization
from crmcore.organization.dmn import HitPolicy, RulesConflict, parse_tables, read_tables


def faults(data: bytes) -> list[Fault]:
    with pytest.raises(InvalidOrganization) as refused:
        parse_tables(data, "t.dmn")
    return list(refused.value.faults)


def fault(data: bytes) -> str:
    (one,) = faults(data)
    return str(one)


def item(name: str, type_: str, allowed: str = "") -> str:
    values = f"<allowedValues><text>{allowed}</text></allowedValues>" if allowed else ""
    return f'<itemDefinition name="{name}"><typeRef>{type_}</typeRef>{values}</itemDefinition>'


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_every_version_is_read(namespace: str) -> None:
    (read,) = parse_tables(dmn(("1", "2")).replace(NAMESPACE.encode(), namespace.encode()))
    assert read.decide({"a": 1}) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_file_is_read_in_the_encoding_that_it_names(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + dmn(('"é"', "2"), types=("string",)).decode()
    (read,) = parse_tables(text.encode(encoding))
    assert read.decide({"a": "é"}) == 2


def test_a_rule_knows_where_it_is_written() -> None:
    first, second = table(("1", "2"), ("2", "3")).rules
    assert [str(first.place), str(second.place)] == ["t.dmn:7:1", "t.dmn:8:1"]


def test_several_tables_are_several_organizations_each_with_its_own_inputs() -> None:
    one = dmn(("1", "2"), names=("x",)).decode()
    decision = one[one.index("<decision") : one.index("</definitions>")]
    other = decision.replace("<text>x</text>", "<text>y</text>").replace('id="d"', 'id="e"')
    tables = parse_tables(one.replace("</definitions>", other + "</definitions>").encode())
    assert [read.id for read in tables] == ["t", "t-2"]
    assert [[one.id for one in read.organization.dimensions] for read in tables] == [["x"], ["y"]]


def test_a_table_inside_other_elements_bears_the_name_of_what_is_around_it() -> None:
    text = dmn(("1", "2")).decode().replace("decision ", "businessKnowledgeModel ")
    text = text.replace("<decisionTable", "<encapsulatedLogic><decisionTable")
    text = text.replace("</decisionTable>", "</decisionTable></encapsulatedLogic>")
    (read,) = parse_tables(text.replace("</decision>", "</businessKnowledgeModel>").encode())
    assert (read.name, read.policy) == ("T", HitPolicy.UNIQUE)


def test_a_table_without_rules_or_names_is_read_and_answers_nothing() -> None:
    (read,) = parse_tables(dmn().replace(b' name="T"', b""))
    assert (read.name, read.decide({})) == ("table", None)
    assert [finding.code for finding in DecisionTables("t", (read,)).check().findings] == ["COV101"]


def test_inputs_get_ids_whatever_their_names_are() -> None:
    read = table(("1", "1", "1", "1", "1"), names=("Credit score", "credit-score", "年龄", "day"))
    assert [one.id for one in read.organization.dimensions] == ["credit-score", "credit-score-2", "input-3", "day-2"]


def test_what_modelers_add_for_themselves_is_left_out() -> None:
    extra = '<x:decisionTable xmlns:x="urn:x"><x:text>boom</x:text></x:decisionTable>'
    read = table(("1", "2"), more=f"<extensionElements>{extra}</extensionElements>")
    assert read.decide({"a": 1}) == 2


@pytest.mark.parametrize(
    ("type_", "more", "value"),
    [
        ("", "", 1),
        ("Any", "", 1),
        ("feel:number", "", 1),
        ("unknown", "", 1),
        ("tAge", item("tAge", "tNumber") + item("tNumber", "number"), 1),
        ("tAge", item("tAge", "tAge"), 1),
        ("", '<inputData name="a"><variable name="a" typeRef="number"/></inputData>', 1),
    ],
)
def test_the_type_of_an_input_is_its_own_or_its_variables_or_that_of_its_conditions(
    type_: str, more: str, value: int
) -> None:
    assert table(("1", "2"), types=(type_,), more=more).decide({"a": value}) == 2


def test_a_type_says_which_values_are_allowed() -> None:
    allowed = item("tSize", "string", '"S","M","L"')
    read = table(('"S"', "1"), types=("tSize",), more=allowed)
    assert read.organization.dimensions[0].domain.values == ('"S"', '"M"', '"L"')  # type: ignore[union-attr]


def test_a_date_that_is_written_with_a_time_is_one() -> None:
    read = table(('>= date and time("2021-01-01T10:00:00")', "1"), types=("date",))
    assert read.organization.dimensions[0].domain.values[1] == "2021-01-01T10:00:00"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "t.dmn:1:1: the file is no XML: no element found (open it in your modeler and save it again)"),
        (b"<a>\n <b>", "t.dmn:2:5: the file is no XML: no element found (open it in your modeler and save it again)"),
        (b"a: 1", "t.dmn:1:1: the file is no XML: syntax error (open it in your modeler and save it again)"),
        (b"\x00\xff", "t.dmn:1:1: the file is no XML: "),
        (b'<?xml version="1.0" encoding="ebcdic-x"?><a/>', "the encoding that the file names is unknown"),
        (b"<bpmn/>", "t.dmn:1:1: the file holds no DMN: its root is 'bpmn' of the namespace ''"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "t.dmn:1:13: the file declares a document type"),
        (b"<a>" * 500, "the elements are nested more than 100 deep"),
        (dmn(("x + 1", "2")), "t.dmn:7:25: T: rule 1, column 1: the name x cannot be analysed"),
        (dmn(("1", "2"), ("1", "2", "3")), "t.dmn:8:1: T: rule 2 has 2 outputEntry for 1 columns"),
        (dmn(("1", "2"), policy="ONLY"), "t.dmn:4:1: T: there is no hit policy 'ONLY'"),
        (dmn(("1", "2"), policy="UNIQE"), "did you mean 'UNIQUE'?"),
        (dmn(("1", "2"), attributes='aggregation="AVERAGE"'), "there is no aggregation 'AVERAGE'"),
        (dmn(("1", "2", "3"), outputs=2, attributes='aggregation="SUM"'), "of several outputs means nothing"),
        (dmn(("1", "2"), ("2", "3"), policy="PRIORITY"), "goes by the order of the output values"),
        (dmn(("1", "x"), policy="PRIORITY", order=('"x"',)), "column 2: 'x' cannot be analysed"),
        (dmn(("1", '"y"'), policy="PRIORITY", order=('"x"',)), '"y" is not among the output values'),
        (dmn(("1", '"y"'), policy="PRIORITY", order=(">1",)), "values in an order are wanted"),
        (dmn(("1", "f(x)"), policy="ANY"), "'f(x)' cannot be analysed: a value is wanted"),
        (dmn(('"1"', "2")), 'rule 1, column 1: "1" is a string, where a number is wanted'),
        (dmn(("1", "2"), types=("boolean",)), "1 is a number, where a boolean is wanted"),
        (dmn(("> 1", "2"), types=("string",)), "1 is a number, where a string is wanted"),
        (dmn(('"Goood"', "2"), types=("string",), allowed=('"Good","Bad"',)), "(did you mean '\"Good\"'?)"),
        (dmn(("1", "2"), allowed=("[5..1]",)), "allowed values of column 1: no value at all is allowed"),
        (dmn(('"x"', "2"), types=("string",), allowed=('not("x")',)), "named one by one"),
        (dmn(("1", "2"), allowed=("sqrt(4)",)), "allowed values of column 1: the function sqrt cannot be analysed"),
        (
            dmn(("1", "2"), types=("tAges",), more='<itemDefinition name="tAges" isCollection="true"/>'),
            "the type 'tAges' has several parts",
        ),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_place(data: bytes, said: str) -> None:
    assert said in fault(data)


def test_every_fault_is_told_at_once() -> None:
    found = [str(one) for one in faults(dmn(("x", "y(2)", "1"), ("> z", "2", "1"), ("1", "null", "1")))]
    assert [text.split(": ")[0] for text in found] == ["t.dmn:8:25", "t.dmn:8:64", "t.dmn:9:25", "t.dmn:10:64"]


def test_a_place_points_behind_the_blanks_and_lines_before_a_condition() -> None:
    data = dmn(("1", "2")).replace(b"<inputEntry><text>1", b"<inputEntry><text>\n   oops")
    assert fault(data).startswith("t.dmn:8:4: ")


def test_an_entity_does_not_grow() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + dmn(("1", "&b;"))
    assert "document type" in fault(bomb)


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InvalidOrganization, match="does not exist"):
        read_tables(tmp_path / "none.dmn")


def test_a_decision_table_is_no_organization_and_the_message_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "t.dmn"
    path.write_bytes(dmn(("1", "2")))
    with pytest.raises(InvalidOrganization, match=r"holds decision tables, and no organization \(`crmcore check`"):
        Organization.read(path)


def test_a_conflict_survives_pickling() -> None:
    error = RulesConflict("T", "UNIQUE", (1, 2))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own)
    assert (str(again), again.rules) == (str(error), error.rules)


@pytest.fixture(scope="module")
def real(shared_data: Path) -> bytes:
    return (shared_data / "rules-dmn-gaps-overlaps" / "dmn" / "SRGapsOverlapsSubsumption2.dmn").read_bytes()


NONSENSE = (
    *(b"", b'"', b"<", b">", b"&", b"&gt;", b"]]>", b"(", b"[1..", b"not(", b"-", b"\xff", b"\x00", b"9" * 50, b"\n"),
    *(b"</semantic:text>", b"<semantic:rule>", b"UNIQUE", b"PRIORITY", b"1e99", b'date("x")', b"null"),
)
SPLICES = st.lists(
    st.tuples(st.integers(900, 9_000), st.integers(0, 60), st.sampled_from(NONSENSE)), min_size=1, max_size=4
)


@settings(max_examples=400, deadline=None)
@given(splices=SPLICES)
def test_whatever_is_changed_in_a_real_file_it_is_read_or_refused_in_sentences(
    real: bytes, splices: list[tuple[int, int, bytes]]
) -> None:
    data = real
    for start, length, put in splices:
        data = data[:start] + put + data[start + length :]
    try:
        tables = parse_tables(data, "t.dmn")
    except InvalidOrganization as refused:
        for one in refused.faults:
            assert one.found
            assert str(one).startswith("t.dmn:")
            assert "\n" not in str(one)
    else:
        DecisionTables("t.dmn", tables).check()
