"""The views of the example answer real requests."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest


@pytest.fixture
def site(serving: Any) -> Iterator[httpx.Client]:
    with serving("django-app", "views.py", "runserver", "--noreload", "127.0.0.1:{port}") as client:
        yield client


def test_a_customer_is_registered_asked_about_and_audited(site: httpx.Client) -> None:
    new = {"name": "华为技术有限公司", "attributes": {"region": "Sichuan", "tier": "key"}}
    customer = site.post("/customers", json=new, headers={"X-Actor": "li.na"})
    assert customer.status_code == 201
    assert customer.json()["assigned"] == {"account-manager": "li.na"}
    answer = site.get(f"/customers/{customer.json()['id']}/who/contract-signing").json()
    assert (answer["role"], answer["person"]) == ("account-manager", "李娜")
    audit = site.get("/audit").json()
    assert audit["customers"] == 1
    assert audit["concerns"] == ["1 customer has no next step: stage=opportunity"]


def test_what_is_refused_says_why_and_writes_nothing(site: httpx.Client) -> None:
    nowhere = site.post(
        "/customers", json={"name": "华为", "attributes": {"region": "Atlantis"}}, headers={"X-Actor": "x"}
    )
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "outside-space")
    assert site.get("/customers/nobody/who/support").status_code == 404
    assert site.get("/customers").status_code == 405
    assert site.get("/audit").json() == {"customers": 0, "concerns": []}
