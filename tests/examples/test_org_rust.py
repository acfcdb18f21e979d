"""What is known of the Rust project comes out of its team files as findings, and nothing else of these kinds.

One of the known facts cannot be said in an organization: that nobody is both member and alumnus of one team (the files
give no days).
"""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from converting import Converted, converted, selected

from crmcore.checks import Finding
from crmcore.organization import Organization


@pytest.fixture(scope="module")
def rust(examples: Path, shared_data: Path) -> Converted:
    return converted(examples / "org-rust" / "convert_rust.py", shared_data / "org-rust")


@pytest.fixture(scope="module")
def defects(rust: Converted) -> Any:
    return rust.known["defects"]


def units(findings: list[Finding], role: str) -> list[str]:
    """The units whose role of this kind the findings are about, each once."""
    return sorted({finding.subject.removesuffix(role) for finding in findings if finding.subject.endswith(role)})


def repositories(findings: list[Finding]) -> list[str]:
    return sorted({name for finding in findings if finding.box is not None for name in finding.box["repository"]})


def test_every_active_unit_person_and_repository_is_there(rust: Converted) -> None:
    info, organization = rust.known["info"], rust.organization
    assert len(organization.departments) == info["active"] + 1
    assert len(organization.people) == info["people"]
    granted = {name for duty in organization.duties for name in duty.where.get("repository") or ()}
    nobody = rust.known["defects"]["active_repo_no_team_no_individual"]
    assert len(granted) == info["active_repos"] - len(nobody)


def test_a_unit_without_lead_is_a_vacant_role(rust: Converted, defects: Any) -> None:
    found = units(rust.of("COV104"), ".lead")
    assert found == defects["active_team_without_lead"]
    kinds = json.loads((rust.data / "rust-team.json").read_text(encoding="utf-8"))["teams"]
    teams = [unit for unit in found if kinds[unit]["kind"] == "team"]
    assert teams == defects["active_team_kind_team_without_lead"]


def test_a_unit_without_members_is_a_vacant_role(rust: Converted, defects: Any) -> None:
    assert units(rust.of("COV104"), ".member") == defects["active_team_without_members"]


def test_a_unit_with_several_leads_is_a_crowded_role(rust: Converted, defects: Any) -> None:
    found = rust.of("COV109")
    assert units(found, ".lead") == defects["active_team_with_more_than_one_lead"]
    assert len(found) == rust.known["defect_counts"]["active_team_with_more_than_one_lead"]


def test_a_person_in_no_active_team_works_in_no_department(rust: Converted, defects: Any) -> None:
    found = [finding.subject for finding in rust.of("ORG202") if "works in no department" in finding.message]
    assert found
    assert sorted(found) == sorted(login.casefold() for login in defects["person_in_no_active_team"])


def test_a_team_that_belongs_nowhere_is_detached(rust: Converted, defects: Any) -> None:
    found = [finding.subject for finding in rust.of("ORG202") if "belongs to no department" in finding.message]
    assert found == defects["active_kind_team_no_parent_not_top_level"]


def test_a_repository_that_nobody_may_change_is_uncovered(rust: Converted, defects: Any) -> None:
    assert repositories(rust.of("COV101")) == defects["active_repo_no_team_no_individual"]
    assert {finding.subject for finding in rust.of("COV101")} == {"contribution"}


def test_a_repository_that_several_teams_keep_is_a_conflict(rust: Converted, defects: Any) -> None:
    found = rust.of("COV102")
    assert repositories(found) == defects["active_repo_two_or_more_maintain_or_admin_teams"]
    assert {finding.subject for finding in found} == {"keeping"}


def test_whoever_leads_many_units_does_so_in_the_organization(rust: Converted, defects: Any) -> None:
    leads = Counter(
        holder for entry in rust.organization.staffing if entry.role.endswith(".lead") for holder in entry.holders
    )
    assert {leader: count for leader, count in leads.items() if count >= 4} == {
        login.casefold(): count for login, count in defects["person_leading_4_or_more"].items()
    }


def test_healthy_facts_are_not_reported(rust: Converted, defects: Any) -> None:
    """No lead outside the members, no parent, person or team that does not exist."""
    assert not defects["lead_not_in_members"]
    assert not rust.of("SKL601")
    assert not rust.of("SKL602")
    assert not (defects["subteam_of_archived_or_missing"] + defects["referenced_person_without_file"])
    assert not defects["active_repo_granted_to_archived_team"]
    assert not rust.of("REF001")


def test_nothing_else_is_found_among_the_kinds_that_these_files_can_answer(rust: Converted, defects: Any) -> None:
    """Of the people only one thing more is said: they have no superiors."""
    kinds = {finding.code for finding in rust.answerable}
    assert kinds == {"COV101", "COV102", "COV104", "COV109", "ORG202"}
    others = [finding.message for finding in rust.of("ORG202") if "no department" not in finding.message]
    assert others == [f"none of {len(rust.organization.people)} people says whom they report to"]
    vacant = {finding.subject for finding in rust.of("COV104")}
    assert len(vacant) == len(defects["active_team_without_lead"]) + len(defects["active_team_without_members"])


def again(rust: Converted, tmp_path: Path, change: Callable[[Any], None]) -> Organization:
    tree = json.loads((rust.data / "rust-team.json").read_text(encoding="utf-8"))
    change(tree)
    (tmp_path / "rust-team.json").write_text(json.dumps(tree), encoding="utf-8")
    return rust.again(tmp_path)


def test_a_lead_who_is_no_member_is_unskilled(rust: Converted, tmp_path: Path) -> None:
    organization = again(rust, tmp_path, lambda tree: tree["teams"]["compiler"]["leads"].append("carols10cents"))
    [finding] = organization.check(select=["SKL601"]).findings
    assert finding.subject == "carols10cents"
    assert "member-of-compiler" in finding.message


def test_an_archived_team_that_still_has_a_repository_is_an_unknown_reference(rust: Converted, tmp_path: Path) -> None:
    organization = again(rust, tmp_path, lambda tree: tree["teams"]["miri"].update(archived=True))
    found = selected(organization.check(select=["REF001"]).findings, "REF001")
    assert any("miri.member" in finding.message for finding in found)
