"""stemwatch.toml: read strictly, so that a setting that cannot be understood never loads."""

import os
import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from stemwatch import PROJECT_URL, __version__
from stemwatch.errors import UsageError
from stemwatch.words import VERBS, Label, Verb

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file: a key that it does not know is an error."""


class Subscription(_Section, frozen=True):
    """Who is told (`channel`, an Apprise URL), about what, and how often.

    Empty `sources` means all of them. `verbs` never holds `baseline`: the first run of a source is silent.
    A daily digest covers a day that ends at `at` in `time_zone`.
    """

    name: str
    channel: str
    relevance: tuple[Label, ...] = ("relevant",)
    sources: tuple[str, ...] = ()
    verbs: tuple[Verb, ...] = tuple(verb for verb in VERBS if verb != "baseline")
    send: Literal["at_once", "daily"] = "at_once"
    at: time = time(8)
    time_zone: str = "UTC"

    def __repr__(self) -> str:
        return f"Subscription({self.name!r})"  # the channel is a secret

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def channel_url(self, environ: Mapping[str, str]) -> str:
        """The channel with `${NAME}` taken from the environment; UsageError when one is not set."""

        def value(match: re.Match[str]) -> str:
            if match[1] not in environ:
                raise UsageError(f"Its channel needs the environment variable {match[1]}, which is not set.")
            return environ[match[1]]

        return _VARIABLE.sub(value, self.channel)


class SourceSettings(_Section, frozen=True):
    """What an operator may change about one source. None keeps what the source declares."""

    enabled: bool = True
    every_minutes: Annotated[int, Meta(gt=0)] | None = None
    details_per_run: Annotated[int, Meta(ge=0)] | None = None
    way: str | None = None


class CrawlSettings(_Section, frozen=True):
    """Limits of one crawl: seconds for one answer, seconds for the whole, MiB of memory for its process."""

    timeout_seconds: Annotated[float, Meta(gt=0)] = 60.0
    deadline_seconds: Annotated[float, Meta(gt=0)] = 10_800.0
    memory_mib: Annotated[int, Meta(ge=256)] = 1024


class Config(_Section, frozen=True):
    """The whole file. `contact` goes into the User-Agent, so that a regulator can reach the operator."""

    contact: str = PROJECT_URL
    crawl: CrawlSettings = CrawlSettings()
    sources: dict[str, SourceSettings] = {}
    subscriptions: tuple[Subscription, ...] = ()

    @property
    def user_agent(self) -> str:
        """How we name ourselves to every site: the form that honest crawlers use."""
        return f"Mozilla/5.0 (compatible; Stemwatch/{__version__}; +{self.contact})"

    def source(self, name: str) -> SourceSettings:
        return self.sources.get(name, SourceSettings())


def load(path: Path, *, known_sources: Collection[str], required: bool) -> Config:
    """The settings at `path`; the defaults when the file is absent and not `required`.

    UsageError for a file that cannot be read, for TOML that is not, and for anything the file says that
    Stemwatch does not know.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if required:
            raise UsageError(f"There is no configuration at {path}.") from None
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The configuration {path} cannot be read: {_reason(error)}.") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The configuration {path} is not valid TOML: {error}.") from None
    try:
        config = msgspec.convert(raw, Config, strict=True)
        _check(config, known_sources)
    except (msgspec.ValidationError, UsageError) as error:
        raise UsageError(f"The configuration {path} cannot be used: {str(error).rstrip('.')}.") from None
    return config


def _check(config: Config, known_sources: Collection[str]) -> None:
    known = ", ".join(sorted(known_sources))
    names = [subscription.name for subscription in config.subscriptions]
    for name in names:
        if not name.strip():
            raise UsageError("a subscription has an empty name")
        if names.count(name) > 1:
            raise UsageError(f"two subscriptions are named {name!r}")
    for name in config.sources:
        if name not in known_sources:
            raise UsageError(f"[sources.{name}] names an unknown source; known: {known}")
    for subscription in config.subscriptions:
        _check_subscription(subscription, known_sources, known)
    if re.search(r"[\s();]", config.contact) or not config.contact:
        raise UsageError("contact must be one web or mail address without blanks or brackets")


def _check_subscription(subscription: Subscription, known_sources: Collection[str], known: str) -> None:
    label = f"subscription {subscription.name!r}"
    for source in subscription.sources:
        if source not in known_sources:
            raise UsageError(f"{label} names the unknown source {source!r}; known: {known}")
    if "baseline" in subscription.verbs:
        raise UsageError(f"{label} asks for 'baseline', which is always silent")
    for words in ("relevance", "verbs"):
        if not getattr(subscription, words):
            raise UsageError(f"{label} has an empty list of {words}, so it would never match")
    if subscription.at.tzinfo is not None:
        raise UsageError(f"{label}: at is a time of day without a zone; set time_zone instead")
    try:
        ZoneInfo(subscription.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"{label} names the unknown time zone {subscription.time_zone!r}") from None


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
