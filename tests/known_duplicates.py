"""Files of customers whose duplicates are known, read as profiles; the answers are kept apart from what is searched."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import combinations
from pathlib import Path

from attrs import frozen

from crmcore.customers.duplicates import Profile

__all__ = ["Known", "fake1000", "febrl", "quality", "restaurants"]

Pairs = frozenset[frozenset[str]]


@frozen
class Known:
    """Customers, and the pairs of their ids that are one; of two files only pairs `across` them count."""

    profiles: tuple[Profile, ...]
    answers: Pairs
    across: bool = False


@frozen
class Quality:
    """How good an answer is: what share of the pairs found is right, what share of the right ones was found."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def quality(clusters: Iterable[Iterable[str]], known: Known) -> Quality:
    """Compare the pairs inside clusters with the answers."""
    found = {frozenset(pair) for cluster in clusters for pair in combinations(cluster, 2)}
    if known.across:
        found = {pair for pair in found if len({one[0] for one in pair}) == 2}
    right = len(found & known.answers)
    return Quality(right / max(len(found), 1), right / len(known.answers))


def fake1000(data: Path) -> Known:
    """People of Splink's fake_1000: names, date of birth, city and e-mail, badly misspelt."""
    rows = _rows(data / "dedupe-fake1000" / "fake_1000.csv")
    profiles = [
        Profile(
            row["unique_id"],
            names=_name(row["first_name"], row["surname"]),
            emails=_some(row["email"]),
            address={"city": row["city"]},
            born=date.fromisoformat(row["dob"]),
        )
        for row in rows
    ]
    return Known(tuple(profiles), _same({row["unique_id"]: row["cluster"] for row in rows}))


def febrl(data: Path, number: int) -> Known:
    """People of FEBRL: names, address, date of birth and a social security number."""
    rows = _rows(data / "dedupe-febrl1-3" / f"dataset{number}.csv")
    profiles = [
        Profile(
            row["rec_id"],
            names=_name(row["given_name"], row["surname"]),
            address={
                "house": row["street_number"],
                "street": row["address_1"],
                "line": row["address_2"],
                "city": row["suburb"],
                "postcode": row["postcode"],
                "region": row["state"],
            },
            born=_compact(row["date_of_birth"]),
            identifiers={"social-security": row["soc_sec_id"]},
        )
        for row in rows
    ]
    return Known(tuple(profiles), _same({row["rec_id"]: row["rec_id"].split("-")[1] for row in rows}))


def restaurants(data: Path) -> Known:
    """Restaurants of two guides: name, street, city, phone and kitchen."""
    folder = data / "dedupe-restaurants"
    profiles = [
        Profile(
            f"{guide[0]}{row['id']}",
            kind="organization",
            names=_some(row["name"]),
            phones=_some(row["phone"]),
            address={"street": row["addr"], "city": row["city"]},
            more={"kitchen": row["type"]},
        )
        for guide in ("fodors", "zagats")
        for row in _rows(folder / f"{guide}.csv")
    ]
    answers = [
        frozenset((f"f{row['fodors_id']}", f"z{row['zagats_id']}"))
        for row in _rows(folder / "matches_fodors_zagats.csv")
    ]
    return Known(tuple(profiles), frozenset(answers), across=True)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, skipinitialspace=True)
        header = [name.strip() for name in next(reader)]
        return [dict(zip(header, (cell.strip() for cell in row), strict=True)) for row in reader]


def _some(*texts: str) -> tuple[str, ...]:
    return tuple(filter(None, texts))


def _name(given: str, family: str) -> tuple[str, ...]:
    """A name whose given and family name are one word each, as they are one field each in the file."""
    return _some(" ".join(_some(given.replace(" ", ""), family.replace(" ", ""))))


def _compact(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        return None


def _same(customers: Mapping[str, str]) -> Pairs:
    by_customer: dict[str, list[str]] = {}
    for row, customer in customers.items():
        by_customer.setdefault(customer, []).append(row)
    return frozenset(frozenset(pair) for rows in by_customer.values() for pair in combinations(rows, 2))
