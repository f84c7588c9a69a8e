"""[site] of stemwatch.toml: where the site is, and whether strangers may subscribe there. Strict and pure."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from stemwatch.errors import UsageError
from stemwatch.subscriptions import Section, filled_in

_LISTEN = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):(?P<port>[0-9]{1,5})")
_MAIL = re.compile(r"mailtos?://|\$\{")


class SiteSettings(Section, frozen=True):
    """`url` is the base address that readers see, `listen` the host and port that the service answers at.

    `signup` lets the public subscribe; `mail` is the Apprise URL, without a recipient, that its mails go through.
    """

    url: str = ""
    listen: str = "127.0.0.1:8765"
    signup: bool = False
    mail: str = ""

    def __repr__(self) -> str:
        return f"SiteSettings(url={self.url!r}, listen={self.listen!r})"  # the mail URL is a secret

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of `listen`."""
        host, port = self.listen.rsplit(":", 1)
        return host.strip("[]"), int(port)

    def mail_url(self, environ: Mapping[str, str]) -> str:
        """`mail` with `${NAME}` taken from the environment; UsageError when one is not set."""
        return filled_in(self.mail, environ, "[site] mail")


def check_site(site: SiteSettings) -> None:
    """UsageError, without its full stop, for settings that cannot be meant as they are written."""
    trouble = _trouble_of_url(site.url) or _trouble_of_listen(site.listen) or _trouble_of_signup(site)
    if trouble:
        raise UsageError(f"[site] {trouble}")


def _trouble_of_url(url: str) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        known = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        known = False
    if not known or not re.fullmatch(r"[!-~]+", url):
        return "url is no web address such as https://watch.example.org"
    if parts.query or parts.fragment or "@" in parts.netloc or "?" in url or "#" in url:
        return "url is a base address: it has no user, query or fragment"
    if parts.scheme != "https" and not _loopback(parts):
        return "url must begin with https://, unless it is this machine's own address"
    return ""


def _loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if parts.scheme != "http":
        return False
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _trouble_of_listen(listen: str) -> str:
    match = _LISTEN.fullmatch(listen)
    if match is None or int(match["port"]) > 65535:
        return "listen is a host and a port, such as 127.0.0.1:8765"
    return ""


def _trouble_of_signup(site: SiteSettings) -> str:
    if site.mail and not _MAIL.match(site.mail):
        return (
            "mail must be an Apprise URL that begins with mailto:// or mailtos://, or a ${VARIABLE} that holds one"
        )
    if site.signup and not site.mail:
        return "signup needs mail, through which the mails are sent"
    if site.signup and not site.url:
        return "signup needs url, to which the links of its mails lead"
    return ""
