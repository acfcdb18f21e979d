"""A company and its CRM, for tests: in memory, and in every storage that there is."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from crmcore_sqlalchemy import SQLStorage
from databases import database

from crmcore.crm import CRM
from crmcore.customers import CustomField
from crmcore.organization import Organization
from crmcore.storage import Holds, Kinds, MemoryStorage, Storage
from crmcore.testing import FakeClock, numbered_ids

__all__ = ["COMPANY", "FIELDS", "START", "Opened", "SteppingClock", "crm", "every_crm", "every_storage", "numbered"]

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Monday, 9 o'clock in Shanghai."""

COMPANY = Organization.parse(
    """
crmcore: 1
name: 云帆软件
locale: zh-CN
timezone: Asia/Shanghai
calendar: {workdays: [mon, tue, wed, thu, fri], hours: ["09:00-12:00", "13:30-18:00"]}
dimensions:
  region: {tree: {China: {East: [Shanghai, Zhejiang], West: [Sichuan, Chongqing]}, Overseas: [Singapore]}}
  tier: [strategic, key, standard]
  channel: {values: [phone, email, wecom], of: contact}
  company-size: {number: {min: 1, max: 1000000, integer: true}}
stages:
  - {id: lead, label: 线索, next: [opportunity, lost]}
  - {id: opportunity, label: 商机, next: [onboarding, lost]}
  - {id: onboarding, label: 上线, next: [active]}
  - {id: active, label: 使用, next: [renewal, at-risk]}
  - {id: at-risk, next: [active, churned]}
  - {id: renewal, next: [active, churned]}
  - {id: churned, terminal: true}
  - {id: lost, terminal: true}
departments:
  - {id: company, label: 云帆软件}
  - {id: marketing, label: 市场部, parent: company}
  - {id: sales, label: 销售部, parent: company, lead: wang.wei}
  - {id: customer-success, label: 客户成功部, parent: company, lead: zhao.lei}
people:
  - {id: chen.jing, name: 陈静, department: company, level: top}
  - {id: sun.yue, name: 孙悦, department: marketing, reports_to: chen.jing}
  - {id: wang.wei, name: 王伟, department: sales, reports_to: chen.jing, capacity: 40}
  - {id: li.na, name: 李娜, department: sales, reports_to: wang.wei, capacity: 20}
  - {id: liu.yang, name: 刘洋, department: sales, reports_to: wang.wei, capacity: 20,
     absences: [{from: 2026-12-01, to: 2026-12-05, cover: wang.wei}]}
  - {id: zhao.lei, name: 赵磊, department: customer-success, reports_to: chen.jing}
  - {id: zhou.min, name: 周敏, department: customer-success, reports_to: zhao.lei, to: 2026-12-31}
roles:
  - {id: marketer, department: marketing}
  - {id: account-manager, label: 客户经理, department: sales}
  - {id: success-manager, label: 客户成功经理, department: customer-success}
  - {id: customer-lead, label: 客户运营负责人, department: company, leads_customers: true}
staffing:
  - {role: marketer, holders: [sun.yue]}
  - {role: account-manager, holders: [li.na, liu.yang], where: {region: East}, assign: round-robin, backup: [wang.wei]}
  - {role: account-manager, holders: [wang.wei, li.na], where: {region: West}, assign: least-loaded}
  - {role: account-manager, holders: [wang.wei], where: {region: Overseas}}
  - {role: success-manager, holders: [zhao.lei, zhou.min], assign: sticky, backup: [chen.jing]}
  - {role: customer-lead, holders: [chen.jing]}
touchpoints:
  - {id: campaign, label: 活动, stages: [lead], asks: [company-size-known, interest]}
  - {id: first-call, label: 首次拜访, stages: [lead, opportunity], follows: [campaign], needs: [interest],
     asks: [budget]}
  - {id: contract-signing, label: 签约, stages: [opportunity], follows: [first-call], needs: [budget],
     asks: [contract-terms], promises: true, sla: {respond: 4h, resolve: 2d}}
  - {id: kick-off, label: 启动会, stages: [onboarding], follows: [contract-signing], needs: [contract-terms]}
  - {id: health-check, label: 巡检, stages: [active, at-risk], follows: [kick-off]}
  - {id: renewal-call, label: 续约沟通, stages: [renewal], follows: [health-check], needs: [contract-terms]}
duties:
  - {touchpoints: [campaign], role: marketer, duty: accountable}
  - {touchpoints: [first-call, contract-signing], role: account-manager, duty: accountable}
  - {touchpoints: [kick-off, health-check, renewal-call], role: success-manager, duty: accountable}
  - {touchpoints: [contract-signing], role: success-manager, duty: veto, where: {tier: strategic}}
handoffs:
  - {from: marketing, to: sales, at: [lead, opportunity], carries: [interest, company-size-known], within: 4h}
  - {from: sales, to: customer-success, at: [opportunity, onboarding], carries: [contract-terms, budget], within: 1d}
escalations:
  - {touchpoints: all, steps: [{after: 4h, to: account-manager}, {after: 1d, to: customer-lead}]}
""",
    file="company.yaml",
)
"""A small company with everything that a CRM asks of one."""

FIELDS = (
    CustomField("行业", entries={"software": "软件", "retail": "零售", "finance": "金融"}, label="行业"),
    CustomField("seats", Holds.WHOLE),
    CustomField("wechat_name", of="contact"),
)


class SteppingClock(FakeClock):
    """A clock that stands still, and can be set."""

    @property
    def instant(self) -> datetime:
        """The instant that it tells."""
        return self.now

    @instant.setter
    def instant(self, instant: datetime) -> None:
        self.now = instant


numbered = numbered_ids

Opened = Callable[..., CRM]
"""Opens the CRM again, with the same storage: `opened(organization=...)`."""


def _opened(storage_of: Callable[[Kinds], Storage], **options: Any) -> CRM:
    given = {"organization": COMPANY, "clock": SteppingClock(), "ids": numbered(), "fields": FIELDS, **options}
    return CRM.open(storage_of, **given)


@pytest.fixture
def crm() -> CRM:
    """A CRM of the company, in memory."""
    return _opened(MemoryStorage)


@pytest.fixture(scope="session", params=["memory", "sqlite", "postgresql", "mariadb"])
def every_storage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    """Every storage that there is, open for the company; each test is a tenant of its own in it."""
    kinds = CRM.kinds(COMPANY, fields=FIELDS)
    if request.param == "memory":
        yield MemoryStorage(kinds)
        return
    for url in database(request.param, tmp_path_factory.mktemp("crm")):
        with SQLStorage.open(url, kinds) as storage:
            yield storage


@pytest.fixture
def every_crm(every_storage: Storage) -> CRM:
    """A CRM of the company, in every storage that there is."""
    return _opened(lambda _: every_storage, tenant=uuid4().hex)
