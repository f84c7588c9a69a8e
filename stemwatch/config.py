"""stemwatch.toml: read strictly, so that a setting that cannot be understood never loads."""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import time
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from stemwatch import PROJECT_URL, __version__
from stemwatch.complaints import complaint
from stemwatch.errors import UsageError
from stemwatch.records import Expectations, Source
from stemwatch.rules import Known, Rule, read_rule
from stemwatch.site import SiteSettings, check_site
from stemwatch.subscriptions import OPERATOR, Section, check_subscriptions, trouble_of_zone
from stemwatch.subscriptions import Subscription as Subscription


class SourceSettings(Section, frozen=True):
    """What an operator may change about one source. None keeps what the source declares."""

    enabled: bool | None = None
    every_minutes: Annotated[int, Meta(gt=0)] | None = None
    details_per_run: Annotated[int, Meta(ge=0)] | None = None
    way: str | None = None


class FeedSettings(Section, frozen=True):
    """A feed that the operator follows without writing code: a source of its own by the name given."""

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)]
    url: Annotated[str, Meta(pattern=r"^https?://[^\s/]+")]
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
    language: Annotated[str, Meta(pattern=r"^[a-z]{2}$")]
    title: str = ""
    regulator: str = ""
    kind: Annotated[str, Meta(pattern=r"^[a-z_]+$")] = "announcement"

    def source(self) -> Source:
        """The source that this feed is: a window, its texts those that the feed brings."""
        return Source(
            name=self.name,
            title=self.title or self.name,
            regulator=self.regulator or self.name,
            jurisdiction=self.country,
            language=self.language,
            kind=self.kind,
            list="window",
            url=self.url,
            licence="As its publisher says",
            every_minutes=120,
            delay_seconds=5.0,
            details_per_run=0,
            revision=1,
            pages="none",
            expectations=Expectations(filled={"title": 1.0}),
        )


class CrawlSettings(Section, frozen=True):
    """Limits of one crawl: seconds for one answer, seconds for the whole, MiB of memory for its process; and how
    many crawls the service has under way at a time."""

    timeout_seconds: Annotated[float, Meta(gt=0)] = 60.0
    deadline_seconds: Annotated[float, Meta(gt=0)] = 10_800.0
    memory_mib: Annotated[int, Meta(ge=256)] = 1024
    at_a_time: Annotated[int, Meta(gt=0, le=16)] = 3


class DeliverySettings(Section, frozen=True):
    """How hard receivers are pressed: sends at a time in all, to one host, and begun at one host in a second."""

    at_a_time: Annotated[int, Meta(gt=0, le=64)] = 8
    per_host: Annotated[int, Meta(gt=0, le=64)] = 4
    per_host_per_second: Annotated[float, Meta(gt=0)] | None = None


class ReleaseSettings(Section, frozen=True):
    """Where the service writes its daily releases, below the data folder unless absolute; empty, nowhere."""

    folder: str = "releases"


class BackupSettings(Section, frozen=True):
    """Where the service puts a backup every so many hours, and how many of them stay; no folder, no backups."""

    folder: str = ""
    every_hours: Annotated[int, Meta(gt=0)] = 24
    keep: Annotated[int, Meta(gt=0)] = 14


class RetentionSettings(Section, frozen=True):
    """After how many days evidence may go that nothing stored rests on; None keeps all of it."""

    unused_evidence_days: Annotated[int, Meta(ge=30)] | None = None


class OperatorSettings(Section, frozen=True):
    """Where the operator is told of trouble; `heartbeat` is the time of day of a daily sign of life."""

    channel: str = ""
    heartbeat: time | None = None
    time_zone: str = "UTC"

    def __repr__(self) -> str:
        return "OperatorSettings()"  # the channel is a secret

    @property
    def subscription(self) -> Subscription | None:
        """The operator as one who is sent messages; None without a channel."""
        if not self.channel:
            return None
        return Subscription(name=OPERATOR, channel=self.channel, time_zone=self.time_zone)


class Config(Section, frozen=True):
    """The whole file. `contact` goes into the User-Agent, so that a regulator can reach the operator."""

    contact: str = PROJECT_URL
    crawl: CrawlSettings = CrawlSettings()
    delivery: DeliverySettings = DeliverySettings()
    operator: OperatorSettings = OperatorSettings()
    site: SiteSettings = SiteSettings()
    release: ReleaseSettings = ReleaseSettings()
    backup: BackupSettings = BackupSettings()
    retention: RetentionSettings = RetentionSettings()
    sources: dict[str, SourceSettings] = {}
    feeds: tuple[FeedSettings, ...] = ()
    rules: dict[str, Rule] = {}
    subscriptions: tuple[Subscription, ...] = ()

    @property
    def own_sources(self) -> dict[str, Source]:
        """The sources that the operator's own feeds are, by name."""
        return {feed.name: feed.source() for feed in self.feeds}

    @property
    def user_agent(self) -> str:
        """How we name ourselves to every site: the form that honest crawlers use."""
        return f"Mozilla/5.0 (compatible; Stemwatch/{__version__}; +{self.contact})"

    def source(self, name: str) -> SourceSettings:
        return self.sources.get(name, SourceSettings())

    def follows(self, source: Source) -> bool:
        """Whether a source is crawled: as the settings say, else when it was ever tried."""
        enabled = self.source(source.name).enabled
        return source.tried if enabled is None else enabled


class _Feeds(Section, frozen=True):
    feeds: tuple[FeedSettings, ...]


def load(path: Path, *, known_sources: Mapping[str, Source], required: bool) -> Config:
    """The settings at `path`; the defaults when the file is absent and not `required`.

    UsageError for a file that cannot be read, for TOML that is not, and for anything the file says that
    Stemwatch does not know.
    """
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except FileNotFoundError:
        if required:
            raise UsageError(f"There is no configuration at {path}.") from None
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The configuration {path} cannot be read: {_reason(error)}.") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The configuration {path} is not valid TOML: {error}.{_hint(text)}") from None
    try:
        config = _config(raw, known_sources)
    except msgspec.ValidationError as error:
        raise UsageError(f"The configuration {path} cannot be used: {complaint(error, Config, raw)}.") from None
    except UsageError as error:
        raise UsageError(f"The configuration {path} cannot be used: {str(error).rstrip('.')}.") from None
    return config


def _hint(text: str) -> str:
    """What helps where a time of day was meant that TOML does not have."""
    clock = re.search(r"=\s*(\d{1,2}:\d\d\S*)", text)
    return " A time of day is written 08:00:00, and ends at 23:59:59." if clock else ""


def _config(raw: Mapping[str, Any], built_in: Mapping[str, Source]) -> Config:
    """The operator's own feeds first: rules and subscriptions may name them."""
    feeds = msgspec.convert({"feeds": raw.get("feeds", ())}, _Feeds, strict=True).feeds
    _check_feeds(feeds, built_in)
    known = {**built_in, **{feed.name: feed.source() for feed in feeds}}
    config = msgspec.convert({**raw, "feeds": feeds, "rules": _rules(raw, known)}, Config, strict=True)
    _check(config, known)
    return config


def _check_feeds(feeds: Sequence[FeedSettings], built_in: Mapping[str, Source]) -> None:
    names = [feed.name for feed in feeds]
    for name in names:
        if name in built_in:
            raise UsageError(f"the feed {name!r} has the name of a source that Stemwatch brings; choose another")
        if names.count(name) > 1:
            raise UsageError(f"two feeds are named {name!r}")


def _rules(raw: Mapping[str, Any], known_sources: Mapping[str, Source]) -> dict[str, Rule]:
    tables = raw.get("rules", {})
    if not isinstance(tables, dict):
        raise UsageError("rules must be tables with a name each: [rules.NAME]")
    known = Known(known_sources)
    return {name: read_rule(name, table, known) for name, table in tables.items()}


def _check(config: Config, known_sources: Mapping[str, Source]) -> None:
    known = ", ".join(sorted(known_sources))
    for name in config.sources:
        if name not in known_sources:
            raise UsageError(f"[sources.{name}] names an unknown source; known: {known}")
    check_subscriptions(config.subscriptions, known_sources, config.rules)
    _check_operator(config.operator)
    check_site(config.site)
    if re.search(r"[\s();]", config.contact) or not config.contact:
        raise UsageError("contact must be one web or mail address without blanks or brackets")


def _check_operator(operator: OperatorSettings) -> None:
    if trouble := trouble_of_zone(operator.time_zone):
        raise UsageError(f"[operator] {trouble}")
    if operator.heartbeat and (operator.heartbeat.tzinfo or not operator.channel):
        raise UsageError("[operator] heartbeat is a time of day without a zone, and needs a channel")


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
