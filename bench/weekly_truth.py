"""What was labelled against what is held: found once, of the right day, regulator, parties and relevance?"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from bench.parties_eval import Case, of_people, of_subjects
from spiders.common.listing import ListSpider, PagedSpider
from spiders.registry import spider_classes
from stemwatch.parties.records import Parties
from stemwatch.records import Source
from stemwatch.store import Store
from stemwatch.views import NoticeView

# Whose address begins so is published by the list of that source; what begins otherwise is in no list we follow.
FOLLOWED = {
    "https://api.fda.gov/drug/": "us_fda_drug_recalls",
    "https://www.accessdata.fda.gov/cms_ia/importalert_1189.html": "us_fda_import_alert_57_22",
    "https://www.fda.gov/inspections-": "us_fda_warning_letters",
    "https://www.fda.gov/media/": "us_fda_untitled_letters",
    "https://www.fda.gov/news-events/press-announcements/": "us_fda_press_releases",
    "https://www.ftc.gov/news-events/news/press-releases/": "us_ftc_press_releases",
    "https://www.ftc.gov/legal-library/browse/warning-letters/": "us_ftc_warning_letters",
    "https://www.justice.gov/": "us_doj_press_releases",
    "https://www.sec.gov/": "us_sec_litigation_releases",
    "https://www.cdc.gov/mmwr/": "us_cdc_mmwr",
    "https://www.federalregister.gov/": "us_fr_documents",
    "https://www.courtlistener.com/docket/": "us_courtlistener_dockets",
    "https://www.courtlistener.com/opinion/": "us_courtlistener_opinions",
    "https://oag.ca.gov/": "us_ca_attorney_general",
    "https://www.myfloridalegal.com/": "us_fl_attorney_general",
    "https://law.georgia.gov/": "us_ga_attorney_general",
    "https://www.njoag.gov/": "us_nj_attorney_general",
    "https://ag.ny.gov/": "us_ny_attorney_general",
    "https://www.atg.wa.gov/": "us_wa_attorney_general",
    "https://recalls-rappels.canada.ca/": "ca_health_canada_recalls",
    "https://www.ema.europa.eu/": "eu_ema_news",
    "https://www.gov.uk/drug-device-alerts/": "gb_mhra_alerts",
    "https://www.gov.uk/government/": "gb_mhra_publications",
    "https://www.info.gov.hk/": "hk_dh_press_releases",
    "https://www.mhlw.go.jp/": "jp_mhlw_orders",
    "https://www.mfds.go.kr/": "kr_mfds_press",
    "https://www.fda.gov.ph/": "ph_fda_advisories",
    "https://www.tga.gov.au/news/media-releases/": "au_tga_media_releases",
    "https://www.tga.gov.au/safety/": "au_tga_alerts",
}

SELECTING = frozenset({"us_courtlistener_dockets", "us_courtlistener_opinions", "us_ftc_press_releases"})
"""Sources that follow a part of what their site publishes: by words, or of consumer protection alone."""


class Held(msgspec.Struct, frozen=True):
    """A notice of the store with its words and parties, and how often it was told to be new."""

    view: NoticeView
    text: str
    parties: Parties
    told: int


@dataclass(frozen=True)
class Labelled:
    """One labelled notice of a source; `shown_on` is the day on which its list began to show it."""

    source: str
    shown_on: str
    label: dict[str, str]

    @property
    def url(self) -> str:
        return self.label["url"]


@dataclass
class Stored(Case):
    """A labelled notice with the parties that the store holds of it."""

    stored: Parties = field(default_factory=Parties)

    @property
    def found(self) -> Parties:
        return self.stored


@dataclass
class Row:
    """One source's line of the table."""

    here: Counter[str] = field(default_factory=Counter)
    stages: Counter[str] = field(default_factory=Counter)
    stored: list[Stored] = field(default_factory=list)


@dataclass
class Outcome:
    """What came of the comparison; each list has one sentence for each notice that is not as labelled."""

    rows: dict[str, Row] = field(default_factory=lambda: defaultdict(Row))
    missed: list[str] = field(default_factory=list)
    out_of_reach: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    parties: list[str] = field(default_factory=list)
    relevance: list[str] = field(default_factory=list)


def labelled(folder: Path, last: str) -> list[Labelled]:
    """The labelled notices of followed sources that their lists show on `last`."""
    with (folder / "truth-dev.csv").open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file))
    posted = _posted(folder)
    found = []
    for label in labels:
        source = next((name for begin, name in FOLLOWED.items() if label["url"].startswith(begin)), None)
        letter = source == "us_fda_warning_letters"
        shown_on = posted.get(label["url"].rsplit("/", 1)[1]) if letter else label["date"]
        if source and shown_on and shown_on <= last:
            found.append(Labelled(source, shown_on, label))
    return found


def _posted(folder: Path) -> dict[str, str]:
    """When each of FDA's letters was listed; letters off the list have no such day."""
    with (folder / "data-dev" / "fda_listing.csv").open(encoding="utf-8", newline="") as file:
        return {row["slug"]: row["posted"] for row in csv.DictReader(file) if row["listed"] != "0"}


def held(store: Store) -> dict[str, list[Held]]:
    """Everything held, by address."""
    texts = dict(store.texts())
    told = Counter(change.notice for change in store.changes() if change.verb in ("baseline", "added"))
    rows = store.db.query(
        "SELECT n.source || '/' || n.key AS notice, p.body FROM parties p JOIN notices n ON n.id = p.notice"
    )
    parties = {row["notice"]: msgspec.json.decode(row["body"], type=Parties) for row in rows}
    found: dict[str, list[Held]] = defaultdict(list)
    for view in store.all_notices():
        name = view.notice
        found[address(view.url)].append(Held(view, texts.get(name, ""), parties.get(name, Parties()), told[name]))
    return found


def address(url: str) -> str:
    return url.rstrip("/")


def compare(truth: Iterable[Labelled], found: Mapping[str, list[Held]], first: str) -> Outcome:
    """Each labelled notice against what is held of it; `first` is the day of the first run."""
    outcome = Outcome()
    for wanted in truth:
        row = outcome.rows[wanted.source]
        older = wanted.shown_on <= first
        time = "older" if older else "in time"
        row.here[time] += 1
        mine = found.get(address(wanted.url), [])
        if len(mine) == 1 and mine[0].told == 1:
            row.here[f"{time} found"] += 1
            _look_into(outcome, wanted, mine[0])
        elif not mine and passed_over(wanted, older=older):
            outcome.out_of_reach.append(_named(wanted))
        else:
            times = sum(one.told for one in mine)
            outcome.missed.append(f"{_named(wanted)}: held {len(mine)} times, told {times} times")
    for row in outcome.rows.values():
        for count in (of_subjects(row.stored), of_people(row.stored)):
            row.here["parties"] += count.wanted
            row.here["parties found"] += count.wanted - len(count.missed)
            outcome.parties += count.missed
    return outcome


def passed_over(wanted: Labelled, *, older: bool) -> bool:
    """Whether a notice need not be found: it does not matter and lies beyond what is asked for, or nothing older
    can be had."""
    beyond = wanted.label["label"] == "no" and (older or wanted.source in SELECTING)
    return beyond or (older and not reaches_back(wanted.source))


def reaches_back(name: str) -> bool:
    """Whether a source's list can be read further back than its newest part."""
    spider = spider_classes()[name]
    if spider.source.list == "complete" or issubclass(spider, PagedSpider):
        return True
    return issubclass(spider, ListSpider) and spider.read_back is not ListSpider.read_back


def _look_into(outcome: Outcome, wanted: Labelled, one: Held) -> None:
    label, view, row = wanted.label, one.view, outcome.rows[wanted.source]
    days = [str(day) for day in (view.posted_on, view.issued_on) if day]
    if label["date"] not in days and (days or label["label"] != "no"):
        outcome.differing.append(f"{_named(wanted)}: of {', '.join(days) or 'no day'}, labelled {label['date']}")
    if not same_regulator(label["regulator"], view.regulator):
        outcome.differing.append(f"{_named(wanted)}: of {view.regulator}, labelled {label['regulator']}")
    row.stages[view.stage or "-"] += 1
    judged = view.relevance.label
    row.here[f"{label['label']} {judged}"] += 1
    if {label["label"], judged} in ({"yes", "unrelated"}, {"no", "relevant"}):
        outcome.relevance.append(f"{_named(wanted)}: {judged}, labelled {label['label']}")
    if label["label"] != "no":
        fields = {"title": view.title, **view.fields, "text": one.text}
        row.stored.append(Stored(wanted.source, fields, label, one.parties))


def same_regulator(labelled: str, ours: str) -> bool:
    """Whether both are one regulator, whatever the order of the words."""
    return set(labelled.replace("AG", "Attorney General").split()) == set(ours.split())


def _named(wanted: Labelled) -> str:
    return f"{wanted.source} {wanted.shown_on} {wanted.url} ({wanted.label['label']})"


def show(console: Console, outcome: Outcome, sources: Mapping[str, Source]) -> None:
    """The table: recall, parties, relevance and stages of each source."""
    printed = Table(
        *("source", "where", "in time", "older", "parties", "yes as yes", "no as no", "stages"),
        box=None,
        pad_edge=False,
    )
    for name, row in sorted(outcome.rows.items()):
        here = row.here
        printed.add_row(
            name,
            sources[name].jurisdiction,
            f"{here['in time found']}/{here['in time']}",
            f"{here['older found']}/{here['older']}",
            f"{here['parties found']}/{here['parties']}",
            f"{here['yes relevant'] + here['yes possible']}/{_of(here, 'yes')}",
            f"{here['no unrelated'] + here['no possible']}/{_of(here, 'no')}",
            ", ".join(f"{stage} {count}" for stage, count in row.stages.most_common()),
        )
    console.print(printed)


def _of(here: Counter[str], label: str) -> int:
    return sum(count for name, count in here.items() if name.startswith(f"{label} "))
