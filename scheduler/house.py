"""The composition root: environment, settings, clock and store, put together once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock, Timeout

from scheduler.clock import Clock, clock_from
from spiders.registry import sources
from stemwatch.config import Config, load
from stemwatch.errors import StemwatchError, UsageError
from stemwatch.records import Source
from stemwatch.store import Store

PACKAGES = ("stemwatch", "spiders", "notify", "publish", "scheduler")


@dataclass(frozen=True)
class House:
    """One installation at work on one data folder."""

    home: Path
    config: Config
    clock: Clock
    environ: Mapping[str, str]
    sources: Mapping[str, Source]

    def store(self) -> Store:
        return Store(self.home, self.sources)

    @property
    def every(self) -> dict[str, timedelta]:
        """How often each source is due."""
        return {
            name: timedelta(minutes=self.config.source(name).every_minutes or source.every_minutes)
            for name, source in self.sources.items()
        }

    def lock(self, name: str, *, busy: str, wait: float = 0) -> FileLock:
        """A lock of this data folder, held until released. StemwatchError saying `busy` when it is taken."""
        folder = self.home / "locks"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(folder / f"{name}.lock")
            lock.acquire(timeout=wait)
        except Timeout:
            raise StemwatchError(busy) from None
        except OSError as error:
            raise unusable(self.home, error) from None
        return lock

    def source(self, name: str) -> Source:
        if name not in self.sources:
            known = ", ".join(sorted(self.sources))
            raise UsageError(f"There is no source {name!r}. Known sources: {known}.")
        return self.sources[name]


def unusable(home: Path, error: OSError) -> StemwatchError:
    reason = "it is not a folder" if isinstance(error, FileExistsError) else error.strerror or error
    return StemwatchError(
        f"The data folder {home} cannot be used: {reason}. Set STEMWATCH_HOME to a folder that can be written."
    )


def open_house(environ: Mapping[str, str] | None = None) -> House:
    """The house that the environment describes. UsageError for settings that cannot be understood."""
    environ = os.environ if environ is None else environ
    known = sources()
    named = environ.get("STEMWATCH_CONFIG")
    config = load(Path(named or "stemwatch.toml"), known_sources=known, required=named is not None)
    return House(
        home=Path(environ.get("STEMWATCH_HOME") or "data"),
        config=config,
        clock=clock_from(environ),
        environ=environ,
        sources=known,
    )


def check_packages() -> None:
    """StemwatchError when another distribution brings a package of one of our plain names."""
    home = Path(__file__).resolve().parent.parent
    owners = packages_distributions()
    for name in PACKAGES:
        others = sorted({owner for owner in owners.get(name, []) if owner.lower() != "stemwatch"})
        spec = find_spec(name)
        place = Path(spec.origin).resolve().parent.parent if spec and spec.origin else None
        if others or place != home:
            raise StemwatchError(
                f"The package {name!r} comes from {others[0] if others else place} and not from Stemwatch: "
                "install Stemwatch in an environment of its own."
            )
