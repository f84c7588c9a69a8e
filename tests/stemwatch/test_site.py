"""[site] is read strictly: an address that readers cannot be sent to, or a sign-up without mail, never loads."""

import pytest

from stemwatch.errors import UsageError
from stemwatch.site import Links, Pages, SiteSettings, check_site

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
        (SiteSettings(mail=f"{MAIL}&to=CANARY@example.org"), "mail names recipients"),
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
    channel = site.channel("a+b@example.org", {"MAIL_PASSWORD": "CANARY"})
    assert channel == "mailtos://me:CANARY@mail.example.org?to=a%2Bb%40example.org"
    assert SiteSettings(mail=MAIL).channel("a@example.org", {}).endswith("&to=a%40example.org")
    assert "mail.example.org" not in repr(site)
    with pytest.raises(UsageError, match=r"^\[site\] mail needs the environment variable MAIL_PASSWORD"):
        site.channel("a@example.org", {})
    with pytest.raises(UsageError, match=r"^\[site\] mail is not set"):
        SiteSettings().channel("a@example.org", {})


def test_links_lead_to_the_site_when_there_is_one() -> None:
    pages = Pages("https://watch.example.org/", {"press": Links("u", "m")}.__getitem__)
    assert pages.links("press") == (
        "https://watch.example.org/unsubscribe/u",
        "https://watch.example.org/subscription/m",
    )
    assert pages.confirm("c") == "https://watch.example.org/subscribe/confirm/c"
    assert Pages("https://watch.example.org").links("press") == Links()
    assert Pages("", {"press": Links("u", "m")}.__getitem__).links("press") == Links()
