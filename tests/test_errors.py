import pickle

import pytest

from crmcore.errors import (
    CrmError,
    Fault,
    InvalidOrganization,
    OutsideSpace,
    UncoveredTouchpoint,
    UnknownName,
    VacantRole,
)
from crmcore.language import say, speaking
from crmcore.values import Place

FAULT = Fault(Place("a.yaml", 3, 5), say("the file is empty"), say("remove it"))
CASES: list[tuple[CrmError, str, str]] = [
    (
        UnknownName("touchpoint", "renewal", "renewal-call"),
        "there is no touchpoint 'renewal'; did you mean 'renewal-call'?",
        "没有名为 'renewal' 的触点；您是不是想写 'renewal-call'？",
    ),
    (UnknownName("check", "X"), "there is no check 'X'", "没有名为 'X' 的检查"),
    (UnknownName("gadget", "X"), "there is no gadget 'X'", "没有名为 'X' 的gadget"),
    (
        UncoveredTouchpoint("demo", {}, {"region": "East", "tier": "key"}),
        "nobody answers at touchpoint 'demo', for example for region=East, tier=key",
        "触点 'demo' 无人负责，例如 region=East、tier=key",
    ),
    (VacantRole("seller", {}, {}), "nobody holds the role 'seller' that answers", "应当负责的角色 'seller' 无人担任"),
    (
        OutsideSpace("region", "Est", say("it is one of {values}", values="East"), "East"),
        "it is one of East; did you mean 'East'?",
        "只能是 East 之一；您是不是想写 'East'？",
    ),
    (OutsideSpace("region", "Est", "a program says so"), "a program says so", "a program says so"),
    (
        InvalidOrganization([FAULT, Fault(Place("b.yaml"), say("the file is empty"))]),
        "a.yaml:3:5: the file is empty (remove it)\nb.yaml:1:1: the file is empty",
        "a.yaml:3:5: 文件为空（请删去它）\nb.yaml:1:1: 文件为空",
    ),
]


@pytest.mark.parametrize(("error", "english", "chinese"), CASES, ids=[type(error).__name__ for error, _, _ in CASES])
def test_an_error_speaks_the_language_of_whoever_reads_it(error: CrmError, english: str, chinese: str) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 (what was dumped here)
    for one in (error, again):
        assert str(one) == english
        with speaking("zh"):
            assert str(one) == chinese
        assert str(one) == english
