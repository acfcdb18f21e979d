"""Messages to customers and notices to the organization: out through the outbox, in as events, over any channel."""

from crmcore.messaging.addresses import Address, Refusal
from crmcore.messaging.channels import Batch, Capability, Channel, Receipt
from crmcore.messaging.delivering import Deliverer, Delivery
from crmcore.messaging.failures import (
    ChannelUnavailable,
    InvalidMessage,
    InvalidSetting,
    MessagingError,
    Refused,
    Undelivered,
)
from crmcore.messaging.files import MESSAGE_FILE, MessageFile, keep_files, read_file, referred
from crmcore.messaging.memory import MemoryChannel, MemoryNotifier
from crmcore.messaging.messages import Attachment, IncomingMessage, OutgoingMessage
from crmcore.messaging.notices import Notice, Notifier
from crmcore.messaging.payloads import as_payload, incoming, notice, outgoing
from crmcore.messaging.receiving import MESSAGE_CURSOR, MessageCursor, Receiver
from crmcore.messaging.recognising import known_sender
from crmcore.messaging.records import MESSAGE, NOTICE, MessageDirection, StoredMessage, StoredNotice
from crmcore.messaging.sending import enqueue_message, enqueue_notice
from crmcore.messaging.texts import one_line, storable

MESSAGE_KINDS = (MESSAGE, NOTICE, MESSAGE_CURSOR, MESSAGE_FILE)
"""The kinds of records that messages need: a storage in which they are sent or received knows them, and customers."""

__all__ = [
    "MESSAGE",
    "MESSAGE_CURSOR",
    "MESSAGE_FILE",
    "MESSAGE_KINDS",
    "NOTICE",
    "Address",
    "Attachment",
    "Batch",
    "Capability",
    "Channel",
    "ChannelUnavailable",
    "Deliverer",
    "Delivery",
    "IncomingMessage",
    "InvalidMessage",
    "InvalidSetting",
    "MemoryChannel",
    "MemoryNotifier",
    "MessageCursor",
    "MessageDirection",
    "MessageFile",
    "MessagingError",
    "Notice",
    "Notifier",
    "OutgoingMessage",
    "Receipt",
    "Receiver",
    "Refusal",
    "Refused",
    "StoredMessage",
    "StoredNotice",
    "Undelivered",
    "as_payload",
    "enqueue_message",
    "enqueue_notice",
    "incoming",
    "keep_files",
    "known_sender",
    "notice",
    "one_line",
    "outgoing",
    "read_file",
    "referred",
    "storable",
]
