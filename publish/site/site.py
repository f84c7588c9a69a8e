"""What the pages need to know of this installation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from publish.site.placing import placed
from stemwatch.cadence import Cadence
from stemwatch.records import Source

MENU = ("look-up", "notices", "clinics", "statistics", "sources", "data", "about")


@dataclass(frozen=True)
class Site:
    """One installation as its pages see it.

    `url` is the base address that readers see, without a slash at its end, or empty: then links have no host.
    `every` is how often each source is due, `releases` the folder of the dataset's releases if there is one,
    `contact` where a reader can reach the operator. `signup`: readers may subscribe. `static`: the pages become
    files, nothing can be sent to them.
    """

    home: Path
    sources: Mapping[str, Source]
    every: Mapping[str, Cadence]
    now: Callable[[], datetime]
    url: str = ""
    contact: str = ""
    language: str = "en"
    releases: Path | None = None
    signup: bool = False
    static: bool = False

    @property
    def menu(self) -> tuple[str, ...]:
        """The pages that each page leads to, as the last part of their addresses."""
        return (*MENU[:-1], "subscribe", *MENU[-1:]) if self.signup and not self.static else MENU

    @property
    def root(self) -> str:
        """The path of the base address: what every link to a page begins with."""
        return urlsplit(self.url).path.rstrip("/")

    def link(self, path: str) -> str:
        """The link to one of our pages; `path` begins with a slash and is not yet quoted."""
        return self.root + quote(placed(path) if self.static else path)

    def address(self, path: str) -> str:
        """The whole address of a page, for readers outside of the site; a bare path when `url` is not set."""
        base = self.url.rstrip("/").removesuffix(self.root) if self.url else ""
        return f"{base}{self.link(path)}"
