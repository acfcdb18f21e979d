"""One of each that a plugin can add: it is found by its entry point, and crmcore uses it as its own."""

import logging
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from crmcore_example.folders import FolderChannel, FolderNotifier, FolderSettings
from crmcore_example.visits import Visit

from crmcore import Organization
from crmcore.cli.commands import crmcore
from crmcore.crm import CRM
from crmcore.customers import TransitionRefused
from crmcore.customers.duplicates import Profile
from crmcore.plugins import Registry
from crmcore.plugins.collecting import HOOKS
from crmcore.storage import Event, Kinds
from crmcore.testing.storages import START


@pytest.fixture
def registry() -> Registry:
    return Registry.installed({"CRMCORE_PLUGINS": "example"})


def test_there_is_one_of_each(registry: Registry) -> None:
    (example,) = [plugin for plugin in registry.plugins if plugin.name == "example"]
    assert {hook: len(names) for hook, names in registry.added(example).items()} == dict.fromkeys(HOOKS, 1)
    assert registry.failures == ()


def test_its_kind_is_stored_in_its_storage(registry: Registry, tmp_path: Path) -> None:
    url = f"jsonlines:///{(tmp_path / 'crm.jsonl').as_posix()}"
    visit = Visit(id="v1", customer="华为", person="li.na", on=START.date(), notes="续约")
    kinds = Kinds(registry.kinds.values())
    with registry.storage_of(url).open(url, kinds) as storage, storage.begin("acme") as work:
        work.add(visit)
        work.commit()
    with registry.storage_of(url).open(url, kinds) as again, again.begin("acme") as work:
        assert work.get(Visit, "v1").on == visit.on


def test_its_channel_and_its_notifier_open_with_their_settings(registry: Registry, tmp_path: Path) -> None:
    channel, notifier = registry.channels["folder"], registry.notifiers["folder"]
    assert channel.settings is notifier.settings is FolderSettings
    assert isinstance(channel.open(channel.settings(tmp_path)), FolderChannel)
    assert isinstance(notifier.open(notifier.settings(tmp_path)), FolderNotifier)


def test_its_observer_logs_who_did_what_and_no_more(registry: Registry, caplog: pytest.LogCaptureFixture) -> None:
    event = Event(
        id="e1",
        name="customer-registered",
        actor="li.na",
        at=START,
        subject_kind="customer",
        subject="c1",
        payload={"phone": "13800138000"},
    )
    with caplog.at_level(logging.INFO, logger="crmcore_example"):
        assert registry.observe(event) == ()
    assert caplog.messages == ["li.na did customer-registered to customer c1"]


def test_its_rule_chooses_who_has_the_fewest_and_its_guard_wants_a_visit(registry: Registry) -> None:
    company = Organization.from_data(
        {
            "crmcore": 1,
            "name": "云帆软件",
            "stages": [{"id": "lead", "next": ["lost"]}, {"id": "lost", "terminal": True}],
            "people": [{"id": "li.na"}, {"id": "liu.yang", "capacity": 1}],
            "roles": [{"id": "account-manager"}],
            "staffing": [{"role": "account-manager", "holders": ["li.na", "liu.yang"], "assign": "example-fewest"}],
            "touchpoints": [{"id": "first-call", "stages": ["lead"]}],
            "duties": [{"touchpoints": "all", "role": "account-manager", "duty": "accountable"}],
        }
    )
    with CRM.open("memory:", organization=company, plugins=registry) as crm:
        customers = [crm.customers.register(name) for name in ("华为", "中兴", "联想")]
        assert crm.assignments.loads() == {"li.na": 2, "liu.yang": 1}
        with pytest.raises(TransitionRefused, match="nobody has visited the customer yet"):
            crm.lifecycle.advance(customers[0], "lost")
        with crm.begin() as work:
            work.job.unit.add(Visit(id="v1", customer=customers[0].id, person="li.na", on=START.date()))
        assert crm.lifecycle.advance(customers[0].id, "lost").stage == "lost"


def test_its_scorer_finds_customers_of_one_name(registry: Registry) -> None:
    profiles = [Profile("c1", "organization", names=("华为",)), Profile("c2", "organization", names=("华为",))]
    assert registry.scorers["example-name"].find([*profiles, Profile("c3", names=("中兴",))]).clusters == (
        ("c1", "c2"),
    )


def run(*arguments: object, **environment: str) -> Result:
    return CliRunner().invoke(
        crmcore, list(map(str, arguments)), prog_name="crmcore", env={"CRMCORE_PLUGINS": "example", **environment}
    )


@pytest.fixture
def company(tmp_path: Path) -> Path:
    path = tmp_path / "crmcore.yaml"
    path.write_text(
        "crmcore: 1\nname: 云帆软件\ntouchpoints: [{id: renewal-call, label: 续约沟通}, {id: complaint}]\n",
        encoding="utf-8",
    )
    return path


def test_its_command_is_listed_and_runs(company: Path) -> None:
    assert "See what people call your touchpoints." in run("--help").stdout
    assert run("labels", company).stdout == "renewal-call  续约沟通\ncomplaint  (no label)\n"


def test_it_speaks_chinese(company: Path) -> None:
    assert "看看人们怎么称呼您的触点。" in run("--language", "zh", "--help").stdout
    assert "列出 PATH 处的组织的触点及其标签。" in run("labels", "--help", "--language", "zh").stdout
    assert run("labels", company, "--language", "zh").stdout.endswith("complaint  （没有标签）\n")
    found = run("check", company, "--select", "EXA", "--language", "zh").stdout
    assert "complaint 没有标签" in found


def test_a_file_of_faults_is_told_like_ours_are(tmp_path: Path) -> None:
    result = run("labels", tmp_path / "absent.yaml")
    assert result.exit_code == 2
    assert "absent.yaml" in result.stderr
    assert "Traceback" not in result.stderr
