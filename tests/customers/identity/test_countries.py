"""Countries are known by whatever people call them."""

import csv
from pathlib import Path

import pytest
from babel import Locale

from crmcore.customers.identity import InvalidIdentifier, country_code
from crmcore.language import speaking


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CN", "CN"),
        ("cn", "CN"),
        ("CHN", "CN"),
        ("China", "CN"),
        ("中国", "CN"),
        ("中华人民共和国", "CN"),
        ("P.R. China", "CN"),
        ("中国香港", "HK"),
        ("Hong Kong SAR", "HK"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("the United States of America", "US"),
        ("UK", "GB"),
        (" united kingdom ", "GB"),
        ("Deutschland", "DE"),
        ("Österreich", "AT"),
        ("Osterreich", "AT"),
        ("Côte d'Ivoire", "CI"),
        ("Cote d’Ivoire", "CI"),
        ("Bosnia and Herzegovina", "BA"),
        ("Korea, Republic of", "KR"),
        ("阿联酋", "AE"),
        ("Türkiye", "TR"),
        ("turkey", "TR"),
        ("AND", "AD"),
    ],
)
def test_a_country_is_known_by_its_letters_and_by_its_names(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_country_is_known_by_what_unicode_calls_it(language: str) -> None:
    unknown = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "QO", "TA"}
    for code, name in Locale(language).territories.items():
        if code.isalpha() and len(code) == 2 and code not in unknown:
            assert country_code(name) == code


def test_the_countries_of_real_customers_are_known(shared_data: Path) -> None:
    with (shared_data / "crm-northwind" / "customers.csv").open(encoding="utf-8", newline="") as lines:
        codes = {row["country"]: country_code(row["country"]) for row in csv.DictReader(lines)}
    assert len(codes) == len(set(codes.values())) == 21
    assert (codes["UK"], codes["USA"], codes["Venezuela"]) == ("GB", "US", "VE")


def test_a_name_that_no_country_has_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(InvalidIdentifier) as caught:
        country_code("Philipines")
    assert str(caught.value) == "'Philipines' is no country: no country is called so; did you mean 'Philippines'?"
    with speaking("zh"):
        assert "国家" in str(caught.value)
    with pytest.raises(InvalidIdentifier) as caught:
        country_code("")
    assert caught.value.suggestion == ""
