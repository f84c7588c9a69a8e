"""stemwatch new-source, stemwatch record: for those who add a source in a clone of the repository."""

import click

from scheduler import drafting
from scheduler.commands.output import remark
from scheduler.house import open_house
from stemwatch.bundle import Report
from stemwatch.errors import StemwatchError


@click.command("new-source")
@click.argument("name")
@click.argument("url")
def new_source(name: str, url: str) -> None:
    """Draft the source NAME from the list at URL: a feed, a JSON list, a web page with rows, or a dump.

    Asks for the list and a few pages, politely; writes spiders/NAME.py and the recorded moment in
    tests/sources/NAME/. The draft replays what was recorded; the rest is yours: CONTRIBUTING.md says what.
    """
    report = drafting.new_source(open_house(), name, url)
    click.echo(f"spiders/{name}.py is a draft: read its head, and correct it.")
    _tell(name, report)


@click.command()
@click.argument("source")
def record(source: str) -> None:
    """Record the moment of SOURCE anew, from the real site.

    Replaces what tests/sources/SOURCE/ holds of its list and of a few pages; expected.jsonl stays as it is, so
    that the next replay shows what the site has changed.
    """
    _tell(source, drafting.record(open_house(), source))


def _tell(name: str, report: Report) -> None:
    if report.stopped is not None:
        raise StemwatchError(f"The recording of {name} ended {report.stopped}: {report.reason}")
    pages = f"{report.details_read} page{'' if report.details_read == 1 else 's'}"
    click.echo(f"tests/sources/{name}/ holds {report.seen:,} notices and {pages} in the regulator's own words.")
    if report.leftover:
        remark(f"Nobody reads: {', '.join(report.leftover)}.")
    remark(f"Keep three to six notices, put your own sentences in, then: make bless SOURCE={name}")
