"""The key that channels are encrypted with at rest. Here alone `cryptography` is used.

Whoever holds a channel's URL can post in its name, so the database and its backups hold none in clear. The key
comes from the environment, or from a file of its own that only its owner may read.
"""

import hmac
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from stemwatch.errors import StemwatchError, UsageError

VARIABLE = "STEMWATCH_KEY"
FILE = "channels.key"
_MARKS = b"stemwatch: addresses known again"


class KeyTrouble(StemwatchError):
    """What was encrypted cannot be read; the sentence says how to recover."""


class Keyring:
    """The keys of one data folder, newest first: the first one encrypts, each of them decrypts.

    `STEMWATCH_KEY` holds one key, or several with commas between; without it the key file counts, which is made
    when something is to be encrypted for the first time.
    """

    def __init__(self, home: Path, environ: Mapping[str, str]) -> None:
        self._file = home / FILE
        self._named = environ.get(VARIABLE, "").strip()

    def seal(self, secret: str) -> str:
        return self._keys(make=True).encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """What was sealed. KeyTrouble without the key that it was sealed with."""
        try:
            return self._keys(make=False).decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise KeyTrouble(
                f"The key in {self._place} is not the one that its channel was stored with. {_CURE}"
            ) from None

    def renew(self, sealed: str) -> str:
        """The same secret under the newest key."""
        return self.seal(self.open(sealed))

    def marks(self, text: str) -> tuple[str, ...]:
        """Keyed hashes by which a text is known again though it is not stored: one for each key, newest first."""
        return tuple(
            hmac.digest(hmac.digest(key.encode(), _MARKS, "sha256"), text.encode(), "sha256").hex()
            for key in self._written(make=True).split(",")
        )

    @property
    def _place(self) -> str:
        return VARIABLE if self._named else str(self._file)

    def _keys(self, *, make: bool) -> MultiFernet:
        try:
            return MultiFernet([Fernet(key) for key in self._written(make=make).split(",")])
        except ValueError:
            raise KeyTrouble(
                f"{self._place} holds no key: a key is 32 random bytes in URL-safe base64, as in {FILE}."
            ) from None

    def _written(self, *, make: bool) -> str:
        return "".join((self._named or self._read(make=make)).split())

    def _read(self, *, make: bool) -> str:
        try:
            if make:
                self._make()
            with self._file.open(encoding="ascii") as file:
                if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                    raise UsageError(
                        f"Others may read the key file {self._file}: run `chmod 600 {self._file}` first."
                    )
                return file.read().strip()
        except FileNotFoundError:
            raise KeyTrouble(f"The key file {self._file} is gone, and {VARIABLE} is not set. {_CURE}") from None
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise KeyTrouble(f"The key file {self._file} cannot be read: {reason}.") from None

    def _make(self) -> None:
        """Write a new key, whole or not at all, unless there is one."""
        if self._file.exists():
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_name(f"{FILE}.{os.getpid()}")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(new, self._file)
        except FileExistsError:
            pass  # another process was quicker: its key counts
        finally:
            new.unlink()


_CURE = (
    "The channels of the subscriptions in the database cannot be read without it; everything else can. Put the "
    "key back from a backup, or give each of them its channel again: `stemwatch subscribe NAME CHANNEL --replace`."
)
