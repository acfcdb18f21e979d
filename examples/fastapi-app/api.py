"""An API over a CRM: register customers, ask who answers, advance them, audit. Run it as `uvicorn api:app`.

The environment says where things are: CRMCORE_ORGANIZATION (a file), CRMCORE_STORAGE (a URL).
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final

from fastapi import Depends, FastAPI, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from crmcore import CRM, CrmError
from crmcore.customers import TransitionRefused
from crmcore.storage import Busy, NotThere, Stale, StorageUnavailable

STATUS: Final[dict[type[CrmError], int]] = {NotThere: 404, Stale: 409, Busy: 503, StorageUnavailable: 503}
"""What HTTP calls an error; any other is something that the caller can mend."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the CRM when the app starts, and close it when the app ends: one for all requests."""
    storage, organization = os.environ["CRMCORE_STORAGE"], os.environ["CRMCORE_ORGANIZATION"]
    crm = await run_in_threadpool(CRM.open, storage, organization=organization, actor="api")
    app.state.crm = crm
    try:
        yield
    finally:
        await run_in_threadpool(crm.close)


app = FastAPI(title="A CRM", lifespan=lifespan)


def opened(request: Request) -> CRM:
    """Return the CRM of the app."""
    crm: CRM = request.app.state.crm
    return crm


Opened = Annotated[CRM, Depends(opened)]
Actor = Annotated[str, Header(alias="X-Actor")]
"""Who acts. In production it comes from your authentication, and never from whoever calls."""


class NewCustomer(BaseModel):
    """What is known of a customer when it comes in."""

    name: str
    attributes: dict[str, Any] = {}


@app.exception_handler(CrmError)
async def refused(_: Request, error: CrmError) -> JSONResponse:
    """Answer with what is wrong: crmcore says it in a sentence, and gives it a code for programs."""
    status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 422)
    answer: dict[str, Any] = {"code": error.code, "message": str(error)}
    if isinstance(error, TransitionRefused):
        answer["missing"] = sorted({name for _, missing in error.objections for name in missing})
    return JSONResponse(answer, status)


# These are plain functions and no coroutines, on purpose: FastAPI runs them in threads, where they may wait for the
# database without holding up others.


@app.post("/customers", status_code=201)
def register(crm: Opened, actor: Actor, new: NewCustomer) -> dict[str, Any]:
    """Take a customer in, and say who looks after it."""
    with crm.begin(actor=actor) as work:
        customer = work.customers.register(new.name, attributes=new.attributes)
        assigned = {one.role: one.person for one in work.assignments.of(customer)}
    return {"id": customer.id, "stage": customer.stage, "assigned": assigned}


@app.get("/customers/{customer}/who/{touchpoint}")
def who(crm: Opened, customer: str, touchpoint: str) -> dict[str, Any]:
    """Say who answers for a customer at a touchpoint, and why."""
    answer = crm.who(customer, touchpoint)
    return {"role": answer.role, "person": answer.person and answer.person.name, "because": answer.because}


@app.post("/customers/{customer}/stage/{stage}")
def advance(crm: Opened, actor: Actor, customer: str, stage: str) -> dict[str, Any]:
    """Let a customer come into another stage, and say which handoffs that opens."""
    with crm.begin(actor=actor) as work:
        after = work.lifecycle.advance(customer, stage)
        offered = [one.to_department for one in work.handoffs.open(after)]
    return {"id": after.id, "stage": after.stage, "offered_to": offered}


@app.get("/audit")
def audit(crm: Opened) -> dict[str, Any]:
    """Say what is wrong with the customers on file."""
    found = crm.audit()
    return {
        "customers": found.customers,
        "concerns": [{"kind": one.kind, "message": one.message} for one in found.concerns],
    }
