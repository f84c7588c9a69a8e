"""stemwatch crawl, stemwatch apply."""

from pathlib import Path

import click

from scheduler import jobs, probing, travelling
from scheduler.commands.output import CrawlProgress, print_json, print_table, remark
from scheduler.crawling import Options
from scheduler.house import House, open_house
from scheduler.workers import Workers
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
@click.option(
    "--bundle-only",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Leave what is read in DIR, to be applied on another machine.",
)
def crawl(
    sources: tuple[str, ...],
    as_json: bool,
    recheck: bool,
    backfill: bool,
    details: int | None,
    way: str | None,
    probe: bool,
    bundle_only: Path | None,
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
    if bundle_only is not None:
        _crawl_into(house, names, bundle_only, options, as_json)
        return
    views = []
    with house.store() as store, CrawlProgress() as progress, Workers() as workers:
        store.rejudge(progress.anew)
        for name in names:
            progress.begin(name)
            views.append(jobs.crawl_and_apply(house, store, name, options, progress, workers))
    _tell(views, as_json)


def _crawl_into(house: House, names: list[str], folder: Path, options: Options, as_json: bool) -> None:
    """Crawl for another machine, and print where the bundles lie; exit 1 when a crawl ended early."""
    views = []
    with CrawlProgress() as progress, Workers() as workers:
        for name in names:
            progress.begin(name)
            views.append(travelling.crawl_into(house, name, folder, options, progress, workers))
    if as_json:
        print_json(views)
    else:
        print_table(
            ("source", "seen", "pages read", "left", "requests", "seconds", "stopped", "bundle"),
            [
                (v.source, v.seen, v.details_read, v.details_left, v.requests, v.seconds, v.stopped, v.bundle)
                for v in views
            ],
        )
    ended = [view for view in views if view.stopped]
    for view in ended:
        remark(f"{view.source} is {view.stopped}: {view.reason}")
    if ended:
        raise SystemExit(1)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
def known(folder: Path, sources: tuple[str, ...]) -> None:
    """Write what is known of the SOURCEs (all of them when none is named) into DIR, for a crawl elsewhere."""
    house = open_house()
    names = [house.source(name).name for name in sources] or list(house.sources)
    with house.store() as store:
        for path in travelling.write_known(store, names, folder):
            click.echo(path)


@click.command("apply")
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a run.")
def apply_command(folder: Path | None, as_json: bool) -> None:
    """Apply whatever bundles lie in the inbox, or in DIR, which is left as it is; oldest first."""
    house = open_house()
    with house.store() as store:
        waiting = travelling.apply_folder(house, store, folder) if folder else jobs.apply_inbox(house, store)
        outcomes = list(waiting)
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
