"""Where the pages lie when they are files: at the very address that they have on the site, wherever a file can."""

import re
from hashlib import sha256

INDEX = "index.html"
_FILE = re.compile(r"/(static|search|evidence|data/[^/]+|feeds|feeds/[^/]+)/[^/]+")
"""What is no page, by its address."""
LONGEST = 200
"""Bytes of a name; file systems take 255, and a name under way is longer than the final one."""


def placed(path: str) -> str:
    """The address of a page among files, not yet quoted: that of a folder, so that no server redirects.

    A part that no file can be called by gets another name, which is as good an address.
    """
    parts = [_part(part) for part in path.strip("/").split("/")] if path != "/" else []
    return "/".join(["", *parts, *([] if _FILE.fullmatch(path) else [""])])


def file_of(place: str) -> str:
    """The file that a plain server sends for the address, as a path below the site's folder."""
    return place.removeprefix("/") + (INDEX if place.endswith("/") else "")


def _part(part: str) -> str:
    if part.isprintable() and not part.startswith(".") and part not in ("", INDEX) and _short(part):
        return part
    kept = "".join(letter for letter in part if letter.isascii() and (letter.isalnum() or letter in "-_"))
    digest = sha256(part.encode(errors="surrogatepass")).hexdigest()[:12]
    return f"{kept[:60]}~{digest}"


def _short(part: str) -> bool:
    return len(part.encode(errors="surrogatepass")) <= LONGEST and "\\" not in part
