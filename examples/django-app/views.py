"""Views of Django over a CRM, in one module. Run it as `python views.py runserver`.

The environment says where things are: CRMCORE_ORGANIZATION (a file), CRMCORE_STORAGE (a URL). The CRM has a database
connection of its own; Django's models need not know it.
"""

import json
import os
import sys
from collections.abc import Callable
from functools import cache, wraps
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.core.management import execute_from_command_line
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from crmcore import CRM, CrmError
from crmcore.storage import NotThere

if not settings.configured:  # in a project of yours, settings.py says all this
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1", "localhost"], SECRET_KEY=token_hex())

View = Callable[..., JsonResponse]


@cache
def crm() -> CRM:
    """Return the CRM of this process: it is opened with the first request, after the server has forked."""
    return CRM.open(os.environ["CRMCORE_STORAGE"], organization=os.environ["CRMCORE_ORGANIZATION"], actor="website")


def answering(view: View) -> View:
    """Let a view answer with what is wrong where crmcore refuses: as a decorator."""

    @wraps(view)
    def answer(request: HttpRequest, **arguments: Any) -> JsonResponse:
        try:
            return view(request, **arguments)
        except CrmError as error:
            status = 404 if isinstance(error, NotThere) else 422
            return JsonResponse({"code": error.code, "message": str(error)}, status=status)

    return answer


@answering
def register(request: HttpRequest) -> JsonResponse:
    """Take a customer in, and say who looks after it."""
    new = json.loads(request.body)
    with crm().begin(actor=request.headers["X-Actor"]) as work:  # in production: the user who has logged in
        customer = work.customers.register(new["name"], attributes=new.get("attributes"))
        assigned = {one.role: one.person for one in work.assignments.of(customer)}
    return JsonResponse({"id": customer.id, "stage": customer.stage, "assigned": assigned}, status=201)


@answering
def who(_: HttpRequest, customer: str, touchpoint: str) -> JsonResponse:
    """Say who answers for a customer at a touchpoint, and why."""
    answer = crm().who(customer, touchpoint)
    person = answer.person and answer.person.name
    return JsonResponse({"role": answer.role, "person": person, "because": answer.because})


@answering
def audit(_: HttpRequest) -> JsonResponse:
    """Say what is wrong with the customers on file."""
    found = crm().audit()
    return JsonResponse({"customers": found.customers, "concerns": [one.message for one in found.concerns]})


urlpatterns = [
    path("customers", require_POST(register)),
    path("customers/<customer>/who/<touchpoint>", require_GET(who)),
    path("audit", require_GET(audit)),
]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
else:
    application = get_wsgi_application()
