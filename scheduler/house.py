"""The composition root: environment, settings, clock and store, put together once."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from scheduler.clock import Clock, clock_from
from spiders.registry import sources
from stemwatch.cadence import Cadence
from stemwatch.config import Config, load
from stemwatch.errors import StemwatchError, UsageError
from stemwatch.records import Source
from stemwatch.store import Store
from stemwatch.store.store import DATABASE


class Held:
    """A lock that is held until the end of its `with` block, or until it is released."""

    def __init__(self, lock: FileLock) -> None:
        self._lock = lock

    def release(self) -> None:
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class OpenStore:
    """The store of a step that one thread takes again and again: opened once, and anew after an error, or when
    another file has taken the database's place."""

    def __init__(self, house: "House") -> None:
        self._house = house
        self._store: Store | None = None
        self._opened: tuple[int, int] | None = None

    def __enter__(self) -> Store:
        if self._store is not None and self._opened != self._file():
            self._store.close()
            self._store = None
        if self._store is None:
            self._store = self._house.store()
            self._opened = self._file()
        return self._store

    def _file(self) -> tuple[int, int] | None:
        """Which file the database is now; None when there is none."""
        with suppress(FileNotFoundError):
            found = (self._house.home / DATABASE).stat()
            return found.st_dev, found.st_ino
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self._store is not None:
            store, self._store = self._store, None
            store.__exit__(kind, error, trace)


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
    def every(self) -> dict[str, Cadence]:
        """How often each source that is followed is due. The operator's word stands on every day of the week."""
        return {
            name: self._cadence(source) for name, source in self.sources.items() if self.config.follows(source)
        }

    def _cadence(self, source: Source) -> Cadence:
        minutes = self.config.source(source.name).every_minutes
        if minutes:
            return Cadence(timedelta(minutes=minutes))
        return Cadence(timedelta(minutes=source.every_minutes), source.busy)

    @property
    def releases(self) -> Path | None:
        """The folder of the daily releases, if there are any."""
        folder = self.config.release.folder
        return (self.home / folder).resolve() if folder else None

    def lock(self, name: str, *, busy: str, wait: float = 0) -> Held:
        """Take a lock of this data folder. StemwatchError saying `busy` when another holds it."""
        folder = self.home / "locks"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(folder / f"{name}.lock")
            lock.acquire(timeout=wait)
        except Timeout:
            raise StemwatchError(busy) from None
        except OSError as error:
            raise unusable(self.home, error) from None
        return Held(lock)

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
        sources={**known, **config.own_sources},
    )
