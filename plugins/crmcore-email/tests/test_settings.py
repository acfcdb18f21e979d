"""Settings: what is understood, and what is refused in a sentence that helps."""

from datetime import date
from pathlib import Path

import pytest
from crmcore_email import EmailNotifierSettings, EmailSettings, Security, Server

from crmcore.messaging import Address, InvalidSetting


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", Server("localhost", 25, Security.NONE)),
        ("smtp://127.0.0.1:2525", Server("127.0.0.1", 2525, Security.NONE)),
        ("smtp+starttls://a:b@mail.firma.example", Server("mail.firma.example", 587, Security.STARTTLS, "a", "b")),
        ("smtps://a%40b:c%3A%2F@mail.firma.example/", Server("mail.firma.example", 465, Security.TLS, "a@b", "c:/")),
        ("smtp://a:b@[::1]:25", Server("::1", 25, Security.NONE, "a", "b")),
    ],
)
def test_a_url_names_a_server(url: str, server: Server) -> None:
    assert Server.parse(url, protocol="smtp") == server


def test_ports_of_reading_are_the_usual_ones() -> None:
    ports = [Server.parse(f"{one}://host.example", protocol="imap").port for one in ("imap", "imap+starttls", "imaps")]
    assert ports == [143, 143, 993]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mail.firma.example", "is wanted"),
        ("smtp://", "is wanted"),
        ("imaps://mail.firma.example", "is wanted"),
        ("smtp://mail.firma.example/path", "is wanted"),
        ("smtp://mail.firma.example?x=y", "is wanted"),
        ("smtp://mail.firma.example:port", "no URL"),
        ("smtp://mail.firma.example:99999", "no URL"),
        ("smtp://[::1", "no URL"),
        ("smtp://li.na:geheim@mail.firma.example", "not sent without encryption"),
        ("smtps://li.na:%E5%AF%86@mail.firma.example", "ASCII"),
    ],
)
def test_what_is_no_server_is_refused_without_telling_the_password(url: str, says: str) -> None:
    with pytest.raises(InvalidSetting, match=says) as caught:
        EmailSettings(sender="crm@firma.example", smtp=url)
    assert "geheim" not in str(caught.value)


def test_a_password_is_never_shown() -> None:
    settings = EmailSettings(sender="crm@firma.example", smtp="smtps://li.na:geheim@mail.firma.example")
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize("sender", ["", "CRM", "a@b@c", "@firma.example", "a@b\r\nBcc: c@d"])
def test_a_sender_that_is_no_address_is_refused(sender: str) -> None:
    with pytest.raises(InvalidSetting, match="sender"):
        EmailSettings(sender=sender, smtp="smtp://localhost")


@pytest.mark.parametrize("timeout", ["0", "-1", "601", "soon", "nan", "inf"])
def test_a_timeout_is_a_number_of_seconds(timeout: str) -> None:
    with pytest.raises(InvalidSetting, match="timeout"):
        EmailSettings(sender="a@b.example", smtp="smtp://localhost", timeout=timeout)


@pytest.mark.parametrize("day", ["yesterday", "23.11.2026", ""])
def test_a_day_is_one_of_the_calendar(day: str) -> None:
    with pytest.raises(InvalidSetting, match="2026-11-23"):
        EmailSettings(sender="a@b.example", smtp="smtp://localhost", not_before=day)


def test_the_environment_says_it_all() -> None:
    environment = {
        "CRMCORE_EMAIL_SENDER": "客户部 <crm@firma.example>",
        "CRMCORE_EMAIL_SMTP": "smtp://localhost:2525",
        "CRMCORE_EMAIL_IMAP": "imap://localhost",
        "CRMCORE_EMAIL_FOLDER": "CRM",
        "CRMCORE_EMAIL_NOT_BEFORE": "2026-11-23",
        "CRMCORE_EMAIL_DOMAIN": "ids.firma.example",
        "CRMCORE_EMAIL_TIMEOUT": "5",
        "CRMCORE_EMAIL_AUTHORITY": "/etc/authority.pem",
        "CRMCORE_EMAIL_PEOPLE": "li.na=na@firma.example, wang.wei = wei@firma.example,",
        "CRMCORE_EMAIL_EVERYBODY_AT": "firma.example",
    }
    settings = EmailNotifierSettings.from_environment(environment)
    assert settings.email == EmailSettings(
        sender=Address("email", "crm@firma.example", "客户部"),
        smtp=Server("localhost", 2525, Security.NONE),
        imap=Server("localhost", 143, Security.NONE),
        folder="CRM",
        not_before=date(2026, 11, 23),
        domain="ids.firma.example",
        timeout=5,
        authority=Path("/etc/authority.pem"),
    )
    assert settings.address("li.na", "李娜") == Address("email", "na@firma.example", "李娜")
    assert settings.address("wang.wei", "") == Address("email", "wei@firma.example")
    assert settings.address("zhao.min", "") == Address("email", "zhao.min@firma.example")


def test_what_is_not_set_is_what_it_always_is() -> None:
    environment = {"CRMCORE_EMAIL_SENDER": "crm@firma.example", "CRMCORE_EMAIL_SMTP": "smtp://localhost"}
    settings = EmailNotifierSettings.from_environment({**environment, "CRMCORE_EMAIL_IMAP": ""})
    assert (settings.email.imap, settings.email.folder, settings.email.own_domain) == (None, "INBOX", "firma.example")
    assert settings.address("li.na", "") is None


@pytest.mark.parametrize("missing", ["SENDER", "SMTP"])
def test_a_variable_that_is_missing_is_named(missing: str) -> None:
    environment = {"CRMCORE_EMAIL_SENDER": "crm@firma.example", "CRMCORE_EMAIL_SMTP": "smtp://localhost"}
    del environment[f"CRMCORE_EMAIL_{missing}"]
    with pytest.raises(InvalidSetting, match=f"CRMCORE_EMAIL_{missing} is not set"):
        EmailSettings.from_environment(environment)


def test_people_without_address_are_refused() -> None:
    environment = {"CRMCORE_EMAIL_SENDER": "crm@firma.example", "CRMCORE_EMAIL_SMTP": "smtp://localhost"}
    with pytest.raises(InvalidSetting, match="people"):
        EmailNotifierSettings.from_environment({**environment, "CRMCORE_EMAIL_PEOPLE": "li.na"})
