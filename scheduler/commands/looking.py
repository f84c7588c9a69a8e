"""stemwatch sources, notices, show, changes: what is known."""

from collections.abc import Iterator
from datetime import date, datetime

import click
import msgspec
from rich.console import Console
from rich.markup import escape

from scheduler.commands.output import print_json, print_table, remark, shown
from scheduler.house import open_house
from stemwatch.store import Search
from stemwatch.views import Dossier, HistoryView
from stemwatch.words import LABELS, Label

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
SHORT_LIST = 50
CAVEAT = (
    "A letter tells what a regulator said on its date. The matter may have been resolved since; "
    "look for a close-out, and ask before you rely on it."
)


@click.command()
@JSON
def sources(as_json: bool) -> None:
    """List every source: how it fares since when, what is newest, when it is due, which fields nobody reads."""
    house = open_house()
    with house.store() as store:
        views = store.source_views(house.every)
    if as_json:
        print_json(views)
        return
    print_table(
        ("source", "verdict", "since", "last good check", "newest", "notices", "due", "left over", "reason"),
        [
            (
                v.source,
                v.verdict or "never run",
                v.verdict_since,
                v.last_ok_at,
                v.newest_on,
                v.notices,
                v.due_at,
                ", ".join(v.leftover),
                v.reason,
            )
            for v in views
        ],
    )
    if idle := ", ".join(sorted(house.sources.keys() - house.every.keys())):
        remark(f"Not followed: {idle}. `[sources.NAME] enabled = true` in the settings follows one.")


@click.command()
@click.argument("query", nargs=-1)
@click.option("--relevance", type=click.Choice(LABELS), help="Only notices with this label.")
@click.option("--source", help="Only notices of this source.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only notices posted on this day or later.")
@click.option("--best-first", "ranked", is_flag=True, help="Ranked by how well they match, not by date.")
@click.option("--all", "everything", is_flag=True, help=f"More than the newest {SHORT_LIST}.")
@JSON
def notices(
    query: tuple[str, ...],
    relevance: Label | None,
    source: str | None,
    since: datetime | None,
    ranked: bool,
    everything: bool,
    as_json: bool,
) -> None:
    """Find notices by QUERY, newest first.

    QUERY takes words, "exact phrases", AND, OR, NOT, prefix*, brackets, and title: office: subject: case: text:
    before a word.
    """
    house = open_house()
    name = house.source(source).name if source else None
    day: date | None = since.date() if since else None
    with house.store() as store:
        found = store.notices(
            Search(query=" ".join(query), relevance=relevance, source=name, since=day, ranked=ranked)
        )
        if as_json:
            print_json(found)
            return
        views = list(found) if everything else found.first(SHORT_LIST)
    print_table(
        ("posted", "title", "regulator", "relevance", "stage", "notice"),
        [(v.posted_on, v.title, v.regulator, v.relevance.label, v.stage, v.notice) for v in views],
    )
    if found.total > len(views):
        remark(f"And {found.total - len(views):,} more: --all shows them.")
    elif not views:
        remark("Nothing found. That is no clean bill: `stemwatch sources` says what was looked at, and when.")


@click.command()
@click.argument("notice")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(notice: str, as_json: bool) -> None:
    """Show one NOTICE: fields, reasons, history with the words that changed, evidence.

    NOTICE is its id (SOURCE/KEY), or a part of it that no other notice has: `stemwatch show chara-bio`.
    """
    house = open_house()
    with house.store() as store:
        dossier = store.dossier(notice)
    if as_json:
        click.echo(msgspec.json.encode(dossier))
        return
    console = Console()
    for line in _described(dossier):
        console.print(line, highlight=False, soft_wrap=True)


@click.command()
@click.option("--since", type=click.IntRange(0, 2**53), default=0, help="Only changes after this cursor.")
@JSON
def changes(since: int, as_json: bool) -> None:
    """List what happened, oldest first. The number of the last change is the cursor to go on from."""
    house = open_house()
    with house.store() as store:
        found = store.changes(since=since)
        if as_json:
            print_json(found)
            return
        told = [v for v in found if v.verb != "baseline"]
    print_table(
        ("change", "detected", "verb", "title", "relevance", "edited", "notice"),
        [
            (
                v.change,
                v.detected_at,
                v.verb,
                v.title,
                v.relevance.label,
                ", ".join(edit.field for edit in v.edited),
                v.notice,
            )
            for v in told
        ],
    )


def _described(dossier: Dossier) -> Iterator[str]:
    notice = dossier.notice
    yield f"[bold]{escape(notice.title)}[/bold]  {notice.kind.replace('_', ' ')} by {notice.regulator}"
    facts = {
        "posted": notice.posted_on,
        "issued": notice.issued_on,
        "stage": notice.stage,
        "closed out": notice.closed_out_on,
        "not listed since": notice.absent_since,
        "reissued as": notice.reissued_as,
        "case number": notice.case_number,
        **{name.replace("_", " "): value for name, value in notice.fields.items()},
        "address of the notice": notice.url,
        "relevance": f"{notice.relevance.label} ({notice.relevance.score:.2f})",
        "about": ", ".join(product.replace("_", " ") for product in notice.products),
    }
    yield from (f"  {name}: {escape(shown(value))}" for name, value in facts.items() if value)
    for other in dossier.also:
        yield f"  same event: {escape(other.title)}  {other.regulator}, {shown(other.on)}  {escape(other.notice)}"
    for told in dossier.told_as_event:
        yield f"  told to {escape(told.subscription)} as part of that event, by delivery {told.delivery}"
    yield "\n[bold]Why[/bold]"
    yield from (f"  {escape(r.phrase)} ({r.field}): {escape(r.why)}" for r in notice.relevance.reasons)
    yield "\n[bold]History[/bold]"
    for event in dossier.history:
        yield from _event(event)
    yield "\n[bold]Evidence[/bold]"
    yield from (
        f"  {shown(c.fetched_at)}  {c.status}  {escape(c.url)}\n    sha256 {c.sha256}  {c.file} at byte {c.offset}"
        for c in dossier.evidence
    )
    yield f"\n{CAVEAT}"


def _event(event: HistoryView) -> Iterator[str]:
    related = f" in place of {event.related}" if event.related else ""
    cause = "" if event.cause == "source" else f" (seen because of our {event.cause})"
    yield f"  {shown(event.detected_at)}  {event.verb.replace('_', ' ')}{escape(related)}{cause}"
    for edit in event.edited:
        if edit.old or edit.new:
            yield f"    {edit.field}: {escape(shown(edit.old))} -> {escape(shown(edit.new))}"
    yield from (f"    {escape(line)}" for line in event.diff)
