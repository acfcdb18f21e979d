from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.cli.commands import crmcore
from crmcore.language import LANGUAGES, Language
from crmcore.organization import Organization
from crmcore.organization.templates import TEMPLATES, template_text

Run = Callable[..., Result]
DAY = date(2026, 11, 23)


def talk(*answers: str, language: Language = "en", path: str = "crmcore.yaml") -> Result:
    """Answer the questions of the dialogue, and all that come after with Enter."""
    lines = "\n".join(answers) + "\n" * 99
    arguments = ["init", path, "--ask", "--language", language]
    result = CliRunner().invoke(crmcore, arguments, input=lines, prog_name="crmcore")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_is_written_as_it_is(run: Run, name: str, language: Language) -> None:
    result = run("init", "company.yaml", "--template", name, "--language", language)
    assert result.exit_code == 0
    assert "crmcore check company.yaml" in result.stdout
    assert Path("company.yaml").read_bytes().decode() == template_text(name, language)


def test_without_a_path_the_file_is_crmcore_yaml_and_in_a_folder_too(run: Run, tmp_path: Path) -> None:
    run("init", "--template", "founder")
    assert Path("crmcore.yaml").is_file()
    run("init", tmp_path, "--template", "founder")
    assert (tmp_path / "crmcore.yaml").is_file()


def test_what_is_written_passes_the_check_that_is_named_next(run: Run) -> None:
    run("init", "--template", "b2b")
    assert run("check", "--fail-on", "info").exit_code == 0


@pytest.mark.parametrize("way", [("--template", "founder"), ("--ask",)])
def test_no_file_is_overwritten(run: Run, way: tuple[str, ...]) -> None:
    Path("crmcore.yaml").write_text("mine", encoding="utf-8")
    result = run("init", *way)
    assert result.exit_code == 2
    assert result.stderr == "Error: crmcore.yaml is there already: name a file that is not.\n"
    assert Path("crmcore.yaml").read_text(encoding="utf-8") == "mine"


def test_a_name_that_is_no_yaml_file_and_a_folder_that_is_not_there_are_refused(run: Run) -> None:
    assert run("init", "company.json", "--template", "b2b").stderr == (
        "Error: company.json is no YAML file: let its name end in .yaml.\n"
    )
    refused = run("init", "nowhere/company.yaml", "--template", "b2b")
    assert refused.exit_code == 2
    assert refused.stderr == "Error: there is no folder nowhere: make it first.\n"


def test_a_wrong_name_writes_nothing_and_names_the_nearest(run: Run) -> None:
    result = run("init", "--template", "sass")
    assert result.exit_code == 2
    assert result.stderr == "Error: there is no template 'sass'; did you mean 'saas'?\n"
    assert not Path("crmcore.yaml").exists()


def test_the_list_says_what_each_template_is_for(run: Run) -> None:
    lines = run("init", "--list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(TEMPLATES)
    assert all(meaning in line for line, meaning in zip(lines, TEMPLATES.values(), strict=True))


def test_the_list_speaks_chinese(run: Run) -> None:
    assert "客户经理一对一服务" in run("init", "--list", "--language", "zh").stdout


def test_without_a_choice_the_templates_are_listed_and_the_status_is_2(run: Run) -> None:
    result = run("init")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: say what to start from: --template NAME, or --ask")
    assert all(name in result.stderr for name in TEMPLATES)


def test_a_template_and_a_dialogue_exclude_each_other(run: Run) -> None:
    assert run("init", "--ask", "--template", "b2b").exit_code == 2


def test_with_enter_alone_the_dialogue_makes_a_file_whose_gaps_are_told(run: Run) -> None:
    result = talk("Acme", "", "", "", "", "", "", "Ann")
    assert result.exit_code == 0
    assert "crmcore.yaml is written. This is still open:" in result.stdout
    organization = Organization.read("crmcore.yaml")
    report = organization.check(on=DAY)
    assert organization.name == "Acme"
    assert {"ORG204", "ORG209", "GOV507"} >= {finding.code for finding in report.findings} != set()
    assert all(f"{finding.code} " in result.stdout for finding in report.findings)


JOURNEY = ("Acme", "Sign, Use", "Contract signing", "Support, Complaint")
TEAM = ("Ann", "Bob", "Sales", "Sales", "Cy, Di", "", "Agent", "Service", "Eve", "Bob")


def test_a_company_that_answers_everything_has_nothing_open(run: Run) -> None:
    result = talk(*JOURNEY, *TEAM, "Agent", "", "Agent", "price, contract terms", "4h", "95", "80.5", "2", "week", "4h")
    assert "crmcore.yaml is written, and nothing is open: every customer is answered." in result.stdout
    organization = Organization.read("crmcore.yaml")
    assert organization.check(on=DAY).findings == ()
    assert [stage.label for stage in organization.stages] == ["Sign", "Use", "Left"]
    assert [one.id for one in organization.touchpoints] == ["contract-signing", "support", "complaint"]
    assert organization.touchpoints[0].promises
    assert organization.touchpoints[0].asks == organization.touchpoints[1].needs == ("price", "contract terms")
    handoff = organization.handoffs[0]
    assert (handoff.from_, handoff.to, str(handoff.within)) == ("sales", "service", "4h")
    assert [(one.id, one.target) for one in organization.metrics] == [
        ("satisfaction", 95),
        ("retention", 80.5),
        ("response-time", 2),
    ]
    assert organization.forums[0].every == "week"


def test_what_cannot_be_is_asked_again(run: Run) -> None:
    team = (*TEAM, "Agent", "nowhere", "Contract signing", "Bot", "Agent")
    result = talk(*JOURNEY, *team, "price", "soon", "1d", "many", "95", "80", "2", "often", "month", "4h")
    assert "It is one of these: Contract signing, Support, Complaint." in result.stdout
    assert "It is one of these: Agent, Owner of all customers." in result.stdout
    assert "Write a whole number and m, h, d or w, such as 4h or 1d." in result.stdout
    assert "'many' is not a valid float range." in result.stdout
    assert "It is one of these: week, fortnight, month." in result.stdout
    assert Organization.read("crmcore.yaml").check(on=DAY).findings == ()


def test_a_founder_who_holds_everything_is_one_person_with_one_role_each(run: Run) -> None:
    talk("Solo", "Use", "Support", "Ann", "", "Owner of all customers", "-")
    organization = Organization.read("crmcore.yaml")
    assert [person.name for person in organization.people] == ["Ann"]
    assert [(duty.role, duty.duty) for duty in organization.duties] == [("customer-lead", "accountable")]
    assert not (organization.handoffs or organization.escalations)
    assert not any(touchpoint.promises for touchpoint in organization.touchpoints)


def test_the_dialogue_is_held_in_chinese_and_the_file_keeps_its_words(run: Run) -> None:
    result = talk("小桥科技", "", "", "", "", "", "", "林毅", "陈雨、周航", language="zh")
    assert "第 1 步，共 4 步：客户旅程" in result.stdout
    assert "谁对全部客户负总责？" in result.stdout
    assert "还有这些没有解决" in result.stdout
    organization = Organization.read("crmcore.yaml")
    assert organization.locale == "zh-CN"
    assert [person.name for person in organization.people] == ["林毅", "陈雨", "周航"]
    assert [stage.id for stage in organization.stages][:2] == ["awareness", "purchase"]
    assert organization.stages[0].label == "认知"


def test_a_dialogue_that_breaks_off_writes_nothing(run: Run) -> None:
    result = CliRunner().invoke(crmcore, ["init", "--ask"], input="Acme\n", prog_name="crmcore")
    assert result.exit_code == 1
    assert not Path("crmcore.yaml").exists()


def test_names_that_look_alike_to_a_program_get_ids_of_their_own(run: Run) -> None:
    talk("Acme", "Use", "Support, Support!, 售后, 售前", "Ann", "Ann!")
    organization = Organization.read("crmcore.yaml")
    assert [one.id for one in organization.touchpoints] == ["support", "support-2", "touchpoint-3", "touchpoint-4"]
    assert [one.id for one in organization.people] == ["ann", "ann-2"]
    assert organization.check(on=DAY, select=["REF"]).findings == ()


LINES = st.sampled_from(["", "", "-", "a", "A, b", "Left", "b; Ann", "Sales", "Demo", "王伟、李娜", "7", "3h", "all"])


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, min_size=8, max_size=60))
def test_whatever_is_answered_the_file_can_be_read_and_names_nothing_that_is_not_there(lines: list[str]) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "crmcore.yaml")
        result = talk("Acme", *lines, "Ann", path=str(file))
        if result.exit_code == 0:
            assert Organization.read(file).check(on=DAY, select=["REF"]).findings == ()
        else:
            assert result.exit_code == 1
            assert "Aborted!" in result.stderr
            assert not file.exists()
