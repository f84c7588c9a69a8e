"""Are the packages of this house the ones Python finds? Standard library only: others may be strangers."""

import re
from collections.abc import Iterator
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("stemwatch", "spiders", "notify", "publish", "scheduler")
_OURS = re.compile(rf"^({'|'.join(PACKAGES)})(?:$|/|\.py,)", re.MULTILINE)
"""One of our names in a distribution's list of names, or of installed files."""


def stranger() -> str:
    """The sentence that names a package of our plain names which is not ours; empty when all are."""
    home = Path(__file__).resolve().parent.parent
    others = dict(_others())
    for name in PACKAGES:
        spec = find_spec(name)
        place = Path(spec.origin).resolve().parent.parent if spec and spec.origin else None
        if name in others or place != home:
            return (
                f"The package {name!r} comes from {others.get(name, place)} and not from Stemwatch: "
                "install Stemwatch in an environment of its own."
            )
    return ""


def _others() -> Iterator[tuple[str, str]]:
    """Our names that another distribution brings, with its name. The lists are searched as text, for every command
    waits: `importlib.metadata.packages_distributions` makes a path of each installed file, ten times as slow."""
    for distribution in distributions():
        listed = distribution.read_text("top_level.txt") or distribution.read_text("RECORD") or ""
        if (brought := set(_OURS.findall(listed))) and distribution.name.lower() != "stemwatch":
            yield from ((name, distribution.name) for name in brought)
