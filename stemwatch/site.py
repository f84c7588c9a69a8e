"""[site] of stemwatch.toml: where the site is, and whether strangers may subscribe there. Strict and pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urlsplit

from stemwatch.errors import UsageError
from stemwatch.subscriptions import Section, filled_in

_LISTEN = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):(?P<port>[0-9]{1,5})")
_MAIL = re.compile(r"mailtos?://|\$\{")


class Links(NamedTuple):
    """Where a subscription is ended and where it is changed: tokens, or addresses of pages; empty for none."""

    unsubscribe: str = ""
    manage: str = ""


@dataclass(frozen=True)
class Pages:
    """Our pages, as mails link to them: the base address of the site, and each subscription's own tokens."""

    site: str = ""
    tokens: Callable[[str], Links] = lambda subscription: Links()

    def confirm(self, token: str) -> str:
        return self._page("subscribe/confirm", token)

    def manage(self, token: str) -> str:
        return self._page("subscription", token)

    def links(self, subscription: str) -> Links:
        """The addresses that stand in the mails of a subscription."""
        tokens = self.tokens(subscription)
        return Links(self._page("unsubscribe", tokens.unsubscribe), self.manage(tokens.manage))

    def _page(self, path: str, token: str) -> str:
        return f"{self.site.rstrip('/')}/{path}/{token}" if self.site and token else ""


NO_SITE = Pages()


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

    def channel(self, address: str, environ: Mapping[str, str]) -> str:
        """The channel to an e-mail address, through `mail`. UsageError when that is not set or cannot be read."""
        if not self.mail:
            raise UsageError("[site] mail is not set: nothing can be sent to those who subscribed on the site.")
        url = filled_in(self.mail, environ, "[site] mail")
        return f"{url}{'&' if '?' in url else '?'}to={quote(address, safe='')}"


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
    if re.search(r"[?&](to|cc|bcc)=", site.mail):
        return "mail names recipients: leave them out, its mails go to whoever subscribes"
    if site.signup and not site.mail:
        return "signup needs mail, through which the mails are sent"
    if site.signup and not site.url:
        return "signup needs url, to which the links of its mails lead"
    return ""
