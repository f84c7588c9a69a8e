"""[site] is read strictly: an address that readers cannot be sent to, or a sign-up without mail, never loads."""

import pytest

from stemwatch.errors import UsageError
from stemwatch.site import SiteSettings, check_site

MAIL = "mailtos://user:CANARY@mail.example.org?from=watch@example.org"


@pytest.mark.parametrize(
    "site",
    [
        SiteSettings(),
        SiteSettings(url="https://watch.example.org/stem"),
        SiteSettings(url="http://127.0.0.1:8765"),
        SiteSettings(url="http://[::1]:8765/"),
        SiteSettings(url="http://localhost"),
        SiteSettings(listen="[::]:80"),
        SiteSettings(url="https://watch.example.org", signup=True, mail=MAIL),
        SiteSettings(url="https://watch.example.org", signup=True, mail="${MAIL_URL}"),
    ],
)
def test_settings_that_can_be_meant_load(site: SiteSettings) -> None:
    check_site(site)


@pytest.mark.parametrize(
    ("site", "part"),
    [
        (SiteSettings(url="http://watch.example.org"), "url must begin with https://"),
        (SiteSettings(url="ftp://127.0.0.1"), "url must begin with https://"),
        (SiteSettings(url="watch.example.org"), "url is no web address"),
        (SiteSettings(url="https://watch.example.org:port"), "url is no web address"),
        (SiteSettings(url="https://watch example.org"), "url is no web address"),
        (SiteSettings(url="https://[::1"), "url is no web address"),
        (SiteSettings(url="https://me@watch.example.org"), "it has no user, query or fragment"),
        (SiteSettings(url="https://watch.example.org?"), "it has no user, query or fragment"),
        (SiteSettings(listen="8765"), "listen is a host and a port"),
        (SiteSettings(listen="127.0.0.1:99999"), "listen is a host and a port"),
        (SiteSettings(listen="::1:80"), "listen is a host and a port"),
        (SiteSettings(url="https://watch.example.org", signup=True), "signup needs mail"),
        (SiteSettings(signup=True, mail=MAIL), "signup needs url"),
        (SiteSettings(mail="slack://CANARY"), "mail must be an Apprise URL"),
    ],
)
def test_settings_that_cannot_be_meant_are_named(site: SiteSettings, part: str) -> None:
    with pytest.raises(UsageError) as error:
        check_site(site)
    assert part in str(error.value)
    assert "CANARY" not in str(error.value)


def test_listen_is_a_host_and_a_port() -> None:
    assert SiteSettings().address == ("127.0.0.1", 8765)
    assert SiteSettings(listen="[::1]:80").address == ("::1", 80)


def test_the_mail_server_is_a_secret_taken_from_the_environment() -> None:
    site = SiteSettings(mail="mailtos://me:${MAIL_PASSWORD}@mail.example.org")
    assert site.mail_url({"MAIL_PASSWORD": "CANARY"}) == "mailtos://me:CANARY@mail.example.org"
    assert "mail.example.org" not in repr(site)
    with pytest.raises(UsageError, match=r"^\[site\] mail needs the environment variable MAIL_PASSWORD"):
        site.mail_url({})
