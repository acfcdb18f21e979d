"""The API of the example answers real requests, many at once, and says what is wrong in words."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest


@pytest.fixture
def api(serving: Any) -> Iterator[httpx.Client]:
    with serving("fastapi-app", "-m", "uvicorn", "api:app", "--port", "{port}") as client:
        yield client


def register(api: httpx.Client, name: str, actor: str = "li.na", **attributes: str) -> httpx.Response:
    return api.post("/customers", json={"name": name, "attributes": attributes}, headers={"X-Actor": actor})


def test_a_customer_is_registered_asked_about_advanced_and_audited(api: httpx.Client) -> None:
    customer = register(api, "华为技术有限公司", region="Sichuan", tier="key")
    assert customer.status_code == 201
    assert customer.json()["stage"] == "opportunity"
    assert customer.json()["assigned"] == {"account-manager": "li.na"}
    id_ = customer.json()["id"]
    answer = api.get(f"/customers/{id_}/who/contract-signing").json()
    assert (answer["role"], answer["person"]) == ("account-manager", "李娜")
    assert "crmcore.yaml" in answer["because"]
    advanced = api.post(f"/customers/{id_}/stage/active", headers={"X-Actor": "li.na"}).json()
    assert advanced == {"id": id_, "stage": "active", "offered_to": ["success"]}
    audit = api.get("/audit").json()
    assert audit["customers"] == 1
    assert "no-next-step" in {concern["kind"] for concern in audit["concerns"]}


def test_what_is_refused_says_why_and_writes_nothing(api: httpx.Client) -> None:
    nowhere = register(api, "华为技术有限公司", region="Atlantis")
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "outside-space")
    assert "Atlantis" in nowhere.json()["message"]
    unknown = api.get("/customers/nobody/who/support")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not-there")
    assert api.post("/customers", json={"name": "华为"}).status_code == 422  # nobody says who acts
    id_ = register(api, "小米科技", region="Sichuan", tier="key").json()["id"]
    too_far = api.post(f"/customers/{id_}/stage/churned", headers={"X-Actor": "li.na"})
    assert (too_far.status_code, too_far.json()["code"]) == (422, "transition-refused")
    assert too_far.json()["missing"] == ["active"]
    assert api.get("/audit").json()["customers"] == 1


def test_many_requests_at_once_are_each_answered(api: httpx.Client) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: register(api, f"客户 {number}", region="Zhejiang", tier="key"), range(24)))
    assert [one.status_code for one in found] == [201] * 24
    assert len({one.json()["id"] for one in found}) == 24
    assert api.get("/audit").json()["customers"] == 24
