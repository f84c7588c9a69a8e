"""Our own webhooks: signed as Standard Webhooks 1.0 asks, so that any of its libraries can verify them.

A channel reads `stemwatch+https://HOST/PATH#KEYID=whsec_SECRET`; while a key is being changed it names two
(`#new=whsec_...&old=whsec_...`), and both sign. What follows the `#` is never sent.
"""

import base64
import binascii
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from notify.posting import Poster, accepted
from stemwatch.errors import UsageError

SCHEMES = {"stemwatch+https": "https", "stemwatch+http": "http"}
SECONDS = 10.0
"""In which a receiver has to answer 2xx."""

MAKE_ONE = "openssl rand -base64 32"
_KEY = re.compile(r"([A-Za-z0-9._-]{1,40})=whsec_(.+)")


@dataclass(frozen=True)
class Key:
    """One signing key; `id` is told to the receiver, `secret` never."""

    id: str
    secret: bytes = field(repr=False)

    def signature(self, name: str, at: int, body: bytes) -> str:
        """Of one message at one second since 1970."""
        signed = b".".join((name.encode(), str(at).encode(), body))
        return "v1," + base64.b64encode(hmac.digest(self.secret, signed, sha256)).decode()


@dataclass(frozen=True)
class Hook:
    """Where messages go, and the keys that sign them, newest first."""

    url: str = field(repr=False)
    keys: tuple[Key, ...]

    def headers(self, name: str, body: bytes, now: datetime) -> dict[str, str]:
        """`name` is the same at every attempt, the time stamp that of this one."""
        at = int(now.timestamp())
        return {
            "webhook-id": name,
            "webhook-timestamp": str(at),
            "webhook-signature": " ".join(key.signature(name, at, body) for key in self.keys),
            "webhook-key-id": " ".join(key.id for key in self.keys),
            "Idempotency-Key": name,
        }

    def send(self, poster: Poster, body: bytes, name: str, now: datetime, *, public: bool) -> str:
        """The receiver's 2xx, else raises Permanent or Temporary."""
        return accepted(poster.post(self.url, body, self.headers(name, body, now), public=public), now)


@lru_cache(256)
def hook(channel: str) -> Hook:
    """The hook that a channel's URL describes; UsageError, without any part of it, when it is none."""
    address, _, fragment = channel.strip().partition("#")
    scheme, _, rest = address.partition("://")
    if not re.fullmatch(r"[^\s/?@]+(/\S*)?", rest.partition("?")[0]) or re.search(r"\s", rest):
        raise UsageError(f"The {scheme} channel is no address such as {scheme}://example.org/hook#KEYID=whsec_...")
    keys = tuple(_key(part, scheme) for part in fragment.split("&"))
    if len({key.id for key in keys}) < len(keys) or len(keys) > 2:
        raise UsageError(f"The {scheme} channel takes one key, or two of different names while one is replaced.")
    return Hook(f"{SCHEMES[scheme.lower()]}://{rest}", keys)


def _key(text: str, scheme: str) -> Key:
    match = _KEY.fullmatch(text)
    try:
        secret = base64.b64decode(match[2], validate=True) if match else b""
    except (binascii.Error, ValueError):
        secret = b""
    if match is None or not 24 <= len(secret) <= 64:
        raise UsageError(
            f"The {scheme} channel needs its key at the end, as #KEYID=whsec_SECRET, the secret being 24 to 64 "
            f"bytes in base64: `{MAKE_ONE}` makes one."
        )
    return Key(match[1], secret)
