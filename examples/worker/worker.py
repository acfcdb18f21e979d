"""A worker beside an app: it tells of late handoffs, reminds of tasks, and empties the outbox until it is stopped.

Run it as `python worker.py sqlite:///crm.db crmcore.yaml`, as many of them as you like; SIGTERM stops one.
"""

import logging
import os
import signal
import socket
import sys
from threading import Event

from crmcore import CRM
from crmcore.customers import CustomerHandoff, Task
from crmcore.messaging import Deliverer, Notice, Notifier, Receipt, enqueue_notice
from crmcore.storage import Busy, Outbox, Stale, StorageUnavailable

PAUSE = 0.2
"""How many seconds to wait where there is nothing to do; in production some more."""


class Printer(Notifier):
    """Tells people on the screen; a plugin such as crmcore-email brings one that writes to them."""

    def notify(self, notice: Notice) -> Receipt:
        """Print a notice."""
        print(f"{notice.person}: {notice.subject}", flush=True)
        return Receipt(notice.id)


def look(crm: CRM) -> int:
    """See what is due, and put what people have to be told into the outbox: in one transaction, both or none."""
    with crm.begin() as work:
        notices = [late(one) for one in work.handoffs.escalate() if one.escalated_to is not None]
        notices += [due(one) for one in work.tasks.remind()]
        for customer, notice in notices:
            about = None if customer is None else ("customer", customer)
            job = work.job
            enqueue_notice(job.unit, notice, notifier="printer", actor=job.actor, at=job.now(), about=about)
    return len(notices)


def late(handoff: CustomerHandoff) -> tuple[str | None, Notice]:
    """Return what the lead of a department is told that has not taken a customer in time."""
    subject = f"{handoff.to_department} should have taken {handoff.customer} by {handoff.due:%Y-%m-%d %H:%M} UTC"
    notice = Notice(id=f"late-{handoff.id}-{handoff.version}", person=str(handoff.escalated_to), subject=subject)
    return handoff.customer, notice


def due(task: Task) -> tuple[str | None, Notice]:
    """Return what somebody is reminded of."""
    return task.customer, Notice(id=f"task-{task.id}-{task.version}", person=task.owner, subject=task.title)


def work(storage: str, organization: str, stop: Event) -> None:
    """Work until a signal is set; what is at hand is finished first."""
    me = f"{socket.gethostname()}-{os.getpid()}"
    with CRM.open(storage, organization=organization, actor="worker") as crm:
        deliverer = Deliverer(outbox=Outbox(crm.storage), notifiers={"printer": Printer()}, worker=me)
        print(f"{me} works", flush=True)
        while not stop.is_set():
            try:
                busy = look(crm) + len(deliverer.run_once())
            except (Busy, Stale, StorageUnavailable) as error:  # another worker was faster, or the database is away
                logging.warning("%s", error)
                busy = 0
            if not busy:
                stop.wait(PAUSE)


if __name__ == "__main__":
    stopped = Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stopped.set())
    _, url, file = sys.argv
    work(url, file, stopped)
    print("stopped", flush=True)
