"""stemwatch crawl, stemwatch apply."""

import click

from scheduler import jobs, probing
from scheduler.commands.output import CrawlProgress, print_json, print_table, remark
from scheduler.crawling import Options
from scheduler.house import open_house
from stemwatch.errors import StemwatchError, UsageError
from stemwatch.views import RunView
from stemwatch.words import VERBS

COLUMNS = ("source", "verdict", "seen", "changes", "pages read", "left", "requests", "seconds", "reason")


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a run.")
@click.option("--recheck", is_flag=True, help="Look again at every page that was read before.")
@click.option("--backfill", is_flag=True, help="Look further back than the newest part of a list.")
@click.option("--details", type=click.IntRange(0, 1_000_000), help="How many pages to read at most.")
@click.option("--way", help="Which of the source's ways to its list to try first.")
@click.option("--probe", is_flag=True, help="Only look at the list of each SOURCE, once, and write nothing.")
def crawl(
    sources: tuple[str, ...],
    as_json: bool,
    recheck: bool,
    backfill: bool,
    details: int | None,
    way: str | None,
    probe: bool,
) -> None:
    """Crawl the SOURCEs (all that are followed when none is named) and apply what they bring."""
    house = open_house()
    if probe:
        if not sources or recheck or backfill or details is not None:
            raise UsageError("--probe looks at the lists of the sources it is given, and at nothing else.")
        _tell_probes([probing.probe(house, name, way) for name in sources], as_json)
        return
    names = [house.source(name).name for name in sources] or list(house.every)
    options = Options(recheck=recheck, backfill=backfill, details=details, way=way)
    views = []
    with house.store() as store, CrawlProgress() as progress:
        store.rejudge(progress.anew)
        for name in names:
            progress.begin(name)
            views.append(jobs.crawl_and_apply(house, store, name, options, progress))
    _tell(views, as_json)


@click.command("apply")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a run.")
def apply_command(as_json: bool) -> None:
    """Apply whatever bundles lie in the inbox, oldest first."""
    house = open_house()
    with house.store() as store:
        outcomes = list(jobs.apply_inbox(house, store))
    errors = [outcome for outcome in outcomes if isinstance(outcome, StemwatchError)]
    for error in errors:
        remark(str(error))
    _tell([outcome for outcome in outcomes if isinstance(outcome, RunView)], as_json)
    if errors:
        raise SystemExit(1)


def _tell(views: list[RunView], as_json: bool) -> None:
    """Print the runs; exit 1 when one of them could not be believed whole."""
    if as_json:
        print_json(views)
    elif views:
        print_table(COLUMNS, [_row(view) for view in views])
    else:
        remark("Nothing to apply.")
    unhealthy = [view for view in views if view.verdict != "ok"]
    for view in unhealthy:
        remark(f"{view.source} is {view.verdict}: {view.reason}")
    if unhealthy:
        raise SystemExit(1)


def _tell_probes(views: list[probing.ProbeView], as_json: bool) -> None:
    """Print what was seen; exit 1 when one of the lists could not be believed."""
    if as_json:
        print_json(views)
    else:
        print_table(
            ("source", "verdict", "seen", "newest", "left over", "requests", "seconds", "reason"),
            [
                (v.source, v.verdict, v.seen, v.newest_on, ", ".join(v.leftover), v.requests, v.seconds, v.reason)
                for v in views
            ],
        )
    if any(view.verdict != "ok" for view in views):
        raise SystemExit(1)


def _row(view: RunView) -> tuple[object, ...]:
    counts = {verb: getattr(view, verb) for verb in VERBS}
    changes = ", ".join(f"{count} {verb}" for verb, count in counts.items() if count)
    return (
        view.source,
        view.verdict,
        view.seen,
        changes or "none",
        view.details_read,
        view.details_left,
        view.requests,
        view.seconds,
        view.reason,
    )
