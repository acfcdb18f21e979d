"""Notes about customers, and documents that lie elsewhere and are referred to."""

from datetime import datetime

from attrs import evolve, frozen

from crmcore.customers.current import contact_of, current_customer, id_of
from crmcore.customers.failures import InvalidDetail
from crmcore.customers.records import Contact, Customer
from crmcore.customers.work import Desk
from crmcore.language import say
from crmcore.storage import Entity, Is, Kind, Order, Page, Query, WhenErased, personal, reference

__all__ = ["DOCUMENT", "NOTE", "Document", "Documents", "Note", "Notes"]


@frozen(kw_only=True)
class Note(Entity):
    """What somebody wrote down about a customer.

    Attributes:
        customer: the customer.
        contact: about which contact; None for none in particular.
        text: what.
        written_by: who.
        written_at: when.
        changed_at: when it was changed last.
    """

    customer: str = reference("customer")
    contact: str | None = reference("contact", default=None)
    text: str = personal()
    written_by: str
    written_at: datetime
    changed_at: datetime | None = None


NOTE = Kind("note", Note, indexed=[("customer", "written_at")])


@frozen(kw_only=True)
class Document(Entity):
    """A file about a customer, which lies where the app keeps files.

    Attributes:
        customer: the customer.
        contact: about which contact; None for none in particular.
        name: the name of the file.
        location: where it lies, in words of the app: a path, a key, a URL.
        media_type: what it is, such as `application/pdf`; None where nobody knows.
        size: how many bytes it has; None where nobody knows.
        added_by: who attached it.
        added_at: when.
    """

    customer: str = reference("customer")
    contact: str | None = reference("contact", default=None)
    name: str = personal()
    location: str = personal()
    media_type: str | None = None
    size: int | None = None
    added_by: str
    added_at: datetime


DOCUMENT = Kind("document", Document, indexed=[("customer", "added_at")], when_erased=WhenErased.REMOVED)


class Notes(Desk):
    """What people wrote down about customers."""

    def add(self, customer: Customer | str, text: str, *, contact: Contact | str | None = None) -> Note:
        """Write something down.

        Args:
            customer: the customer, or its id.
            text: what.
            contact: about which contact; None for none in particular.

        Raises:
            InvalidDetail: nothing is written.
            InvalidCustomer: the contact is another customer's.
        """
        with self._begin() as job:
            of = current_customer(job, customer)
            person = None if contact is None else contact_of(job, of, contact).id
            note = job.unit.add(
                Note(
                    id=job.ids(),
                    customer=of.id,
                    contact=person,
                    text=_written(text),
                    written_by=job.actor,
                    written_at=job.now(),
                )
            )
            job.happened("note-added", of, note=note.id, contact=person)
            return note

    def change(self, note: Note | str, text: str) -> Note:
        """Write something else instead.

        Raises:
            InvalidDetail: nothing is written.
            Stale: somebody else changed it since it was read.
        """
        with self._begin() as job:
            before = job.unit.get(Note, note) if isinstance(note, str) else note
            after = job.unit.put(evolve(before, text=_written(text), changed_at=job.now()))
            job.happened("note-changed", job.unit.get(Customer, after.customer), note=after.id)
            return after

    def remove(self, note: Note | str) -> None:
        """Remove a note; that there was one stays in the timeline."""
        with self._begin() as job:
            gone = job.unit.get(Note, note) if isinstance(note, str) else note
            job.unit.remove(gone)
            job.happened("note-removed", job.unit.get(Customer, gone.customer), note=gone.id)

    def of(self, customer: Customer | str, *, limit: int = 100, after: str | None = None) -> Page[Note]:
        """Return one page of the notes about a customer, the newest first.

        Args:
            customer: the customer, or its id.
            limit: how many a page has.
            after: the cursor of the page before.
        """
        with self._begin(read_only=True) as job:
            order = [Order("written_at", descending=True)]
            return job.unit.find(
                Query(Note, where=[Is("customer", id_of(customer))], order=order, limit=limit, after=after)
            )


class Documents(Desk):
    """The files about customers, which lie elsewhere."""

    def attach(
        self,
        customer: Customer | str,
        name: str,
        location: str,
        *,
        contact: Contact | str | None = None,
        media_type: str | None = None,
        size: int | None = None,
    ) -> Document:
        """Refer to a file.

        Args:
            customer: the customer, or its id.
            name: the name of the file.
            location: where it lies, in words of the app.
            contact: about which contact; None for none in particular.
            media_type: what it is, such as `application/pdf`.
            size: how many bytes it has.

        Raises:
            InvalidDetail: it has no name, lies nowhere, or has less than no bytes.
            InvalidCustomer: the contact is another customer's.
        """
        with self._begin() as job:
            of = current_customer(job, customer)
            person = None if contact is None else contact_of(job, of, contact).id
            if not name.strip() or not location.strip():
                raise InvalidDetail(DOCUMENT.name, "location", say("say what it is called, and where it lies"))
            if size is not None and size < 0:
                raise InvalidDetail(DOCUMENT.name, "size", say("a file has no less than 0 bytes"))
            document = job.unit.add(
                Document(
                    id=job.ids(),
                    customer=of.id,
                    contact=person,
                    name=name.strip(),
                    location=location,
                    media_type=media_type,
                    size=size,
                    added_by=job.actor,
                    added_at=job.now(),
                )
            )
            job.happened("document-attached", of, document=document.id, contact=person)
            return document

    def remove(self, document: Document | str) -> Document:
        """Refer to a file no longer; return what was known of it, so that the app can delete the file."""
        with self._begin() as job:
            gone = job.unit.get(Document, document) if isinstance(document, str) else document
            job.unit.remove(gone)
            job.happened("document-removed", job.unit.get(Customer, gone.customer), document=gone.id)
            return gone

    def of(self, customer: Customer | str) -> tuple[Document, ...]:
        """Return the files about a customer, the oldest first."""
        with self._begin(read_only=True) as job:
            query = Query(Document, where=[Is("customer", id_of(customer))], order=[Order("added_at")])
            return tuple(job.unit.each(query))


def _written(text: str) -> str:
    if not text.strip():
        raise InvalidDetail(NOTE.name, "text", say("write something"))
    return text.strip()
