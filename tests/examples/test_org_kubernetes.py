"""What is known of the Kubernetes community comes out of its own files as findings, and nothing else of these kinds.

Two of the known facts are not about who answers and cannot be said in an organization: that nobody is both leader and
emeritus of one group (the files give no days), and that no company holds all chairs of a group.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from converting import Converted, converted, selected

from crmcore.organization import Organization, Tree

HOST = "https://raw.githubusercontent.com/"


@pytest.fixture(scope="module")
def kubernetes(examples: Path, shared_data: Path) -> Converted:
    return converted(examples / "org-kubernetes" / "convert_kubernetes.py", shared_data / "org-kubernetes")


@pytest.fixture(scope="module")
def defects(kubernetes: Converted) -> Any:
    return kubernetes.known["defects"]


def test_every_group_subproject_and_leader_is_there(kubernetes: Converted) -> None:
    info, organization = kubernetes.known["info"], kubernetes.organization
    tree = organization.dimensions[0].domain
    assert isinstance(tree, Tree)
    assert {root.name: len(root.children) for root in tree.roots} == info["groups_by_kind"]
    roles = Counter(role.id.split(".")[1] for role in organization.roles)
    assert roles["subproject"] == info["counts"]["subprojects"]
    seats = Counter({"chair": 0, "tech-lead": 0})
    for entry in organization.staffing:
        seats[entry.role.split(".")[1]] += len(entry.holders)
    assert seats["chair"] == info["counts"]["chairs"]
    assert seats["tech-lead"] == info["counts"]["tech_leads"]
    members = [person for person in organization.people if "github-org-member" in person.skills]
    assert len(members) == info["org_members_total_distinct"]
    files = [file for duty in organization.duties for file in duty.where.get("owners-file") or ()]
    assert len(files) == info["counts"]["owner_links"]


def leading(organization: Organization) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for entry in organization.staffing:
        group, role = entry.role.split(".")[:2]
        if role in {"chair", "tech-lead"}:
            for holder in entry.holders:
                groups.setdefault(holder, set()).add(group)
    return groups


def test_whoever_leads_three_groups_does_so_in_the_organization(kubernetes: Converted) -> None:
    groups = leading(kubernetes.organization)
    assert len(groups) == kubernetes.known["info"]["distinct_leaders"]
    assert {leader: sorted(led) for leader, led in groups.items() if len(led) >= 3} == kubernetes.known["info"][
        "leaders_of_3_or_more_groups"
    ]


def test_a_sig_without_technical_lead_is_a_vacant_role_and_no_group_lacks_chairs(
    kubernetes: Converted, defects: Any
) -> None:
    assert defects["group_without_chair"] == defects["group_with_one_chair"] == []
    assert sorted(finding.subject for finding in kubernetes.of("COV104")) == [
        f"{sig}.tech-lead" for sig in defects["group_without_tech_lead"]
    ]
    assert [finding.box for finding in kubernetes.of("COV104")] == [
        {"group": [sig]} for sig in defects["group_without_tech_lead"]
    ]


def test_a_group_without_liaison_is_an_uncovered_touchpoint(kubernetes: Converted, defects: Any) -> None:
    [gap] = kubernetes.of("COV101")
    assert gap.subject == "steering-report"
    assert gap.box == {"group": defects["group_without_liaison"]}


def test_a_subproject_of_two_groups_is_a_conflict(kubernetes: Converted, defects: Any) -> None:
    found = []
    for conflict in kubernetes.of("COV102", "subproject-question"):
        assert conflict.box is not None
        groups = [related.message.split(".")[0] for related in conflict.related]
        found += [f"{subproject}:{','.join(groups)}" for subproject in conflict.box["subproject"]]
    assert found == defects["subproject_owned_by_more_than_one_group"]


def test_an_owners_file_that_two_subprojects_claim_is_a_conflict(kubernetes: Converted, defects: Any) -> None:
    found = []
    for conflict in kubernetes.of("COV102", "code-review"):
        assert conflict.box is not None
        roles = [related.message.split()[0] for related in conflict.related]
        claims = " | ".join(role.replace(".subproject.", "/") for role in roles)
        found += [f"{HOST}{file} <- {claims}" for file in conflict.box["owners-file"]]
    assert sorted(found) == defects["owner_file_claimed_twice"]


def test_a_leader_in_no_github_organization_is_unskilled_and_the_aliases_agree(
    kubernetes: Converted, defects: Any
) -> None:
    assert defects["alias_vs_leadership_mismatch"] == []
    held = {(holder, entry.role) for entry in kubernetes.organization.staffing for holder in entry.holders}
    found = kubernetes.of("SKL601")
    assert all("github-org-member" in finding.message for finding in found)
    assert [
        f"{role.split('.')[0]}:{finding.subject}"
        for finding in found
        for holder, role in held
        if holder == finding.subject and role in finding.message
    ] == defects["leader_not_in_any_github_org"]


def test_nothing_else_is_found_among_the_kinds_that_these_files_can_answer(kubernetes: Converted, defects: Any) -> None:
    """No subproject without OWNERS file (it would be uncovered), no name that nobody has."""
    assert defects["subproject_with_no_owner_file"] == []
    kinds = Counter(
        finding.code for finding in kubernetes.findings if finding.code.startswith(kubernetes.module.CHECKS)
    )
    assert kinds == {"COV101": 1, "COV102": 8, "COV104": 4, "SKL601": 1}


def copied(data: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(data, tmp_path / "data", copy_function=shutil.copy))


def changed(data: Path, change: Callable[[Any], None], file: str = "sigs.yaml") -> None:
    path = data / file
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(tree)
    path.unlink()
    path.write_text(yaml.safe_dump(tree), encoding="utf-8")


def test_a_chair_who_resigns_leaves_a_vacancy(kubernetes: Converted, tmp_path: Path) -> None:
    data = copied(kubernetes.data, tmp_path)

    def resign(groups: Any) -> None:
        [batch] = [group for group in groups["workinggroups"] if group["dir"] == "wg-batch"]
        del batch["leadership"]["chairs"][1:]

    changed(data, resign)
    findings = kubernetes.again(data).check(select=["COV104", "SKL601"]).findings
    assert "wg-batch.chair" in {finding.subject for finding in selected(findings, "COV104")}
    assert "leads-wg-batch" in " ".join(finding.message for finding in selected(findings, "SKL601"))


def test_an_alias_that_forgets_a_leader_is_found(kubernetes: Converted, tmp_path: Path) -> None:
    data = copied(kubernetes.data, tmp_path)
    changed(data, lambda tree: tree["aliases"]["sig-docs-leads"].pop(), "OWNERS_ALIASES")
    findings = kubernetes.again(data).check(select=["SKL601"]).findings
    assert any("approves-sig-docs" in finding.message for finding in findings)


def test_a_subproject_without_owners_file_is_uncovered(kubernetes: Converted, tmp_path: Path) -> None:
    data = copied(kubernetes.data, tmp_path)
    changed(data, lambda groups: groups["sigs"][0]["subprojects"][0]["owners"].clear())
    findings = kubernetes.again(data).check(select=["COV101"]).findings
    [gap] = selected(findings, "COV101", "subproject-question")
    assert gap.box == {"subproject": ["cel-admission-webhook"]}
