"""Contact points: phone numbers, addresses and accounts, in the form in which they are stored and compared."""

from crmcore.customers.contact_points.accounts import Account, account
from crmcore.customers.contact_points.addresses import PostalAddress, postal_address
from crmcore.customers.contact_points.emails import Email, email
from crmcore.customers.contact_points.failures import InvalidContactPoint
from crmcore.customers.contact_points.mail_domains import PUBLIC_MAIL_DOMAINS
from crmcore.customers.contact_points.normalising import normalised
from crmcore.customers.contact_points.phones import Phone, PhoneType, phone
from crmcore.customers.contact_points.values import ContactKind, ContactValue
from crmcore.customers.contact_points.web_addresses import registrable_domain
from crmcore.customers.contact_points.websites import Website, website

__all__ = [
    "PUBLIC_MAIL_DOMAINS",
    "Account",
    "ContactKind",
    "ContactValue",
    "Email",
    "InvalidContactPoint",
    "Phone",
    "PhoneType",
    "PostalAddress",
    "Website",
    "account",
    "email",
    "normalised",
    "phone",
    "postal_address",
    "registrable_domain",
    "website",
]
