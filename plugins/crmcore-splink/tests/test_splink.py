"""Duplicates that Splink finds."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from crmcore_splink import find_duplicates, plugin
from known_duplicates import Known, fake1000, febrl, quality, restaurants

from crmcore.customers.duplicates import Profile, RepeatedProfile
from crmcore.plugins import Registry

NAMES = ["Noah Watson", "Olivia Andrews", "Theodore Maxwell", "Matilda Harris", "王伟", "李娜", "Amelia Alexander"]


def entered_twice(count: int) -> list[Profile]:
    """As many people, of whom every third was entered again, in another way."""
    people = []
    for number in range(count):
        name = f"{NAMES[number % len(NAMES)]}{'' if number % 2 else 's'}"
        phone = f"138{number * 7919:08d}"
        people.append(Profile(f"p{number}", names=(name,), phones=(phone,), emails=(f"mail{number * 31}@firm.co",)))
        if number % 3 == 0:
            people.append(Profile(f"again {number}", names=(name.upper(),), phones=(f"+86 {phone}",)))
    return people


def test_who_was_entered_twice_is_found_with_the_reasons() -> None:
    found = find_duplicates(entered_twice(120))
    assert set(found.clusters) == {(f"p{number}", f"again {number}") for number in range(0, 120, 3)}
    reasons = {str(reason) for reason in found.pairs[0].match.reasons}
    assert any(reason.startswith("phone: the same: ") for reason in reasons)
    assert any(reason.startswith("name: the same: ") for reason in reasons)
    assert all(pair.match.score >= 0.5 for pair in found.pairs)


def test_the_same_is_found_each_time() -> None:
    assert find_duplicates(entered_twice(60)) == find_duplicates(entered_twice(60))


def test_two_companies_with_credit_codes_of_their_own_stay_apart() -> None:
    codes = [f"9144030070846{number:04d}T" for number in range(60)]
    companies = [
        Profile(f"c{number}", "organization", names=(f"晨光软件{number}有限公司",), identifiers={"uscc": code})
        for number, code in enumerate(codes)
    ]
    twin = Profile("twin", "organization", names=("晨光软件0",), identifiers={"uscc": "91330100799655058B"})
    assert not any("twin" in cluster for cluster in find_duplicates([*companies, twin]).clusters)


@pytest.mark.parametrize(
    "profiles",
    [
        [],
        [Profile("a")],
        [Profile("a"), Profile("b")],
        [Profile("a", names=("王伟",)), Profile("b", kind="organization", names=("王伟",))],
        [Profile("a", names=("王伟",)), Profile("b", names=("李娜",))],
    ],
    ids=["nobody", "one", "nothing known", "of two kinds", "nothing in common"],
)
def test_nothing_is_found_in_nothing(profiles: list[Profile]) -> None:
    assert find_duplicates(profiles).clusters == ()


def test_two_profiles_of_one_id_are_refused() -> None:
    with pytest.raises(RepeatedProfile, match="'a'"):
        find_duplicates([Profile("a"), Profile("a")])


def test_it_keeps_quiet(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    find_duplicates(entered_twice(30))
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_it_is_a_scorer_beside_the_one_of_crmcore() -> None:
    registry = Registry.installed({"CRMCORE_PLUGINS": "splink"})
    assert list(registry.scorers) == ["builtin", "splink"]
    profiles = entered_twice(60)
    clusters = [set(registry.scorers[name].find(profiles).clusters) for name in ("builtin", "splink")]
    assert clusters[0] == clusters[1]
    assert plugin.CRMCORE_CONTRACT == 1


def test_splink_is_imported_only_when_duplicates_are_looked_for() -> None:
    program = "import sys, crmcore_splink.plugin; print(*{'splink', 'duckdb', 'pyarrow'} & sys.modules.keys())"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


@pytest.mark.parametrize("number", [1, 3])
def test_febrl_1_and_3_are_found(shared_data: Path, number: int) -> None:
    assert _f1(febrl(shared_data, number)) >= 0.98


def test_the_restaurants_of_two_guides_are_found(shared_data: Path) -> None:
    assert _f1(restaurants(shared_data)) >= 0.90


def test_people_that_are_badly_misspelt_are_found(shared_data: Path) -> None:
    assert _f1(fake1000(shared_data)) >= 0.85


def _f1(known: Known) -> float:
    return quality(find_duplicates(known.profiles).clusters, known).f1
