"""The same units of work in Django's ORM: each line that comes in lets them be done once, and tells the seconds."""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

import django
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from measuring import seconds

__all__ = ["main"]

AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)

_LIKE_OURS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF"


def _configured(path: str) -> None:
    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF",
        },
    }
    settings.configure(DATABASES={"default": database}, USE_TZ=True)
    django.setup()
    apps.check_models_ready()


def main() -> None:
    """Make the tables, and work as often as a line comes in."""
    _configured(sys.argv[1])

    class Customer(models.Model):  # type: ignore[misc]  # Django tells no types
        id = models.CharField(max_length=200, primary_key=True)
        version = models.IntegerField(default=1)
        name = models.TextField(db_index=True)
        region = models.TextField()
        segment = models.TextField()
        phone = models.TextField(null=True)
        employees = models.IntegerField(null=True)
        turnover = models.DecimalField(max_digits=18, decimal_places=4, null=True)
        active = models.BooleanField(default=True)
        since = models.DateField(null=True)
        seen = models.DateTimeField(null=True)

        class Meta:
            app_label = "measured"

    class Event(models.Model):  # type: ignore[misc]  # as above
        id = models.CharField(max_length=200, primary_key=True)
        name = models.TextField()
        actor = models.TextField()
        at = models.DateTimeField()
        subject_kind = models.TextField()
        subject = models.TextField()
        payload = models.JSONField(default=dict)
        caused_by = models.TextField(null=True)

        class Meta:
            app_label = "measured"
            indexes = (models.Index(fields=["subject_kind", "subject", "at"], name="of_subject"),)

    with connection.schema_editor() as editor:
        editor.create_model(Customer)
        editor.create_model(Event)
    Customer.objects.bulk_create(
        Customer(
            id=f"c{index:07}",
            name=f"客户 {index * 7919 % 1_000:07}",
            region=f"region-{index % 30}",
            segment=("key", "standard", "small")[index % 3],
            phone=f"+86 10 {index:08}",
            employees=index % 5_000,
            turnover=Decimal(index) / 100,
            since=date(2020, 1, 1) + timedelta(days=index % 2_000),
            seen=AT + timedelta(seconds=index),
        )
        for index in range(1_000)
    )
    ids = [f"c{index * 7919 % 1_000:07}" for index in range(300)]
    numbers = count()

    def work() -> None:
        for id_ in ids:
            with transaction.atomic():
                one = Customer.objects.get(pk=id_)
                one.employees = (one.employees or 0) + 1
                one.version += 1
                one.save(force_update=True)
                Event.objects.create(
                    id=f"e{next(numbers)}",
                    name="customer-grew",
                    actor="li.na",
                    at=AT,
                    subject_kind="customer",
                    subject=id_,
                )

    work()
    for _ in sys.stdin:
        print(json.dumps(seconds(work)), flush=True)


if __name__ == "__main__":
    main()
