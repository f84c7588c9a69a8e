"""What strangers may choose, and which addresses are taken."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify.channels import _open, check
from notify.mail import Mail
from stemwatch.errors import UsageError
from stemwatch.signup import (
    Wish,
    masked,
    read_address,
    read_wish,
    same_mailbox,
    same_reader,
)
from stemwatch.site import SiteSettings
from tests.store.builders import NAME, SOURCE

SOURCES = {NAME: SOURCE}
SITE = SiteSettings(mail="mailtos://user:pass@mail.example.org?from=watch@example.org")


def test_a_wish_is_a_subscription_and_back() -> None:
    fields: dict[str, Any] = {
        "relevance": ["relevant", "possible"],
        "jurisdictions": ["US"],
        "sources": [NAME],
        "products": ["exosome"],
        "clinics": ["c-abc2345"],
        "query": "knee OR joint",
        "send": "weekly",
        "hour": 17,
        "weekday": "friday",
        "time_zone": "Europe/Berlin",
        "language": "de",
    }
    wish = read_wish(fields, SOURCES)
    subscription = wish.subscription("public-1")
    assert Wish.of(subscription) == wish
    assert (subscription.at.hour, subscription.weekday, subscription.note) == (17, "friday", "")
    (rule,) = subscription.rules({}).values()
    assert (rule.jurisdictions, rule.products, rule.query) == (("US",), ("exosome",), "knee OR joint")
    assert rule.clinics == ("c-abc2345",)


def test_the_default_is_what_is_relevant_once_a_day() -> None:
    wish = read_wish({}, SOURCES)
    assert (wish.relevance, wish.send, wish.hour) == (("relevant",), "daily", 8)


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"note": "cheap pills"}, "unknown field `note`"),
        ({"rule": "knees"}, "unknown field `rule`"),
        ({"channel": "json://host"}, "unknown field `channel`"),
        ({"name": "me"}, "unknown field `name`"),
        ({"sources": ["eu"]}, "sources has the unknown word 'eu'"),
        ({"jurisdictions": ["Atlantis"]}, "jurisdictions has the unknown word 'Atlantis'"),
        ({"products": ["pills"]}, "pills"),
        ({"clinics": ["Harbor Cells"]}, "'Harbor Cells' is no id of a clinic"),
        ({"query": "(knee"}, "This cannot be subscribed: query cannot be used. The search '(knee'"),
        ({"query": "x" * 201}, "query"),
        ({"relevance": []}, "relevance"),
        ({"hour": 24}, "hour"),
        ({"time_zone": "Mars/Olympus"}, "unknown time zone"),
        ({"time_zone": "../../etc/passwd"}, "unknown time zone"),
        ({"language": "tlh"}, "tlh"),
        ({"send": "hourly"}, "hourly"),
    ],
)
def test_what_cannot_be_chosen_is_named(fields: dict[str, Any], part: str) -> None:
    with pytest.raises(UsageError) as error:
        read_wish(fields, SOURCES)
    assert part in str(error.value)
    assert str(error.value).startswith("This cannot be subscribed: ")
    assert str(error.value).endswith(".")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (" Reader@Example.ORG ", "Reader@example.org"),
        ("first.last+news@mail.example.co.uk", "first.last+news@mail.example.co.uk"),
        ("leser@b\u00fccher.example", "leser@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_taken_as_mail_goes_to_it(given: str, address: str) -> None:
    assert read_address(given) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", "reader", "reader@", "@example.org", "reader@localhost", "reader@10.0.0.1", "reader@[::1]"),
        *("a@example.org,b@example.org", "a@example.org b@example.org", "a@b@example.org", "a..b@example.org"),
        *("Reader <reader@example.org>", "reader@example.org\nBcc: other@example.org", "reader@example.org?to=x"),
        *("reader@-example.org", "reader@example..org", "x" * 65 + "@example.org", "reader@" + "a." * 200 + "org"),
        *("r\u00e9ader@example.org", "reader@exa\u202emple.org", "%0a@example.org", ".reader@example.org"),
        *("911'19@example.org", "a+b+c@example.org", "reader+@example.org", "+reader@example.org"),
        "reader@" + "a" * 1_000_000,
    ],
)
def test_what_is_no_address_of_one_mailbox_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^This is no e-mail address that we can write to"):
        read_address(text)


LOCAL = st.text("abcXYZ019_.+'-", min_size=1, max_size=20)
HOST = st.from_regex(r"[a-z0-9]{1,10}(\.[a-z0-9-]{1,10}){0,2}\.[a-z]{2,6}", fullmatch=True)


@settings(max_examples=60)
@given(local=LOCAL, host=HOST)
def test_every_address_that_is_taken_is_the_one_that_the_mail_goes_to(local: str, host: str) -> None:
    try:
        address = read_address(f"{local}@{host}")
    except UsageError:
        return
    channel = SITE.channel(address, {})
    check(channel, public=True)
    plugin = _open(channel)
    assert isinstance(plugin, Mail)
    assert plugin.recipient.addr_spec == address


def test_capitals_are_no_other_subscription_and_tags_no_other_reader() -> None:
    assert same_mailbox("Reader+a@example.org") == "reader+a@example.org"
    assert same_reader("Reader+a@example.org") == same_reader("reader+b@example.org") == "reader@example.org"
    assert masked("reader@example.org") == "r…@example.org"
