"""Are the packages of this house the ones Python finds? Standard library only: others may be strangers."""

from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("stemwatch", "spiders", "notify", "publish", "scheduler")


def stranger() -> str:
    """The sentence that names a package of our plain names which is not ours; empty when all are."""
    home = Path(__file__).resolve().parent.parent
    owners = packages_distributions()
    for name in PACKAGES:
        others = sorted({owner for owner in owners.get(name, []) if owner.lower() != "stemwatch"})
        spec = find_spec(name)
        place = Path(spec.origin).resolve().parent.parent if spec and spec.origin else None
        if others or place != home:
            return (
                f"The package {name!r} comes from {others[0] if others else place} and not from Stemwatch: "
                "install Stemwatch in an environment of its own."
            )
    return ""
