"""stemwatch screen: what a marketing text claims, and what regulators did about such words."""

from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from publish.screening import Finding, Screening, html_report, markdown_report
from publish.screening.wording import (
    CAVEAT,
    GRADES,
    NOTICE_CAVEAT,
    SIGNS,
    about,
    cited,
    counted,
    looked_in,
    quoted,
)
from scheduler.commands.output import print_json, remark
from scheduler.house import open_house
from scheduler.screening import screen as screened
from stemwatch.claims.records import Grade, Precedent
from stemwatch.errors import StemwatchError, UsageError
from stemwatch.views import ClaimView
from stemwatch.wording import plain

STYLES: dict[Grade, str] = {
    "asserts": "bold red",
    "suggests": "bold yellow",
    "negates": "bold green",
    "quotes": "bold blue",
    "warns": "bold magenta",
}


@click.command()
@click.argument("target", metavar="FILE|URL|-")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a claim.")
@click.option("--markdown", "as_markdown", is_flag=True, help="The report as Markdown.")
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="FILE", help="Write the report as HTML.")
@click.option(
    "--precedents",
    type=click.IntRange(0, 20),
    default=3,
    show_default=True,
    help="How many notices to name for each claim at most.",
)
def screen(target: str, as_json: bool, as_markdown: bool, page: Path | None, precedents: int) -> None:
    """Find what a marketing text claims, and what regulators did about such words.

    Reads plain text, HTML or PDF from a file, a web address or standard input (-). It is a reading aid and no
    legal advice; that it finds nothing does not mean that a text is lawful.
    """
    if as_json + as_markdown + (page is not None) > 1:
        raise UsageError("Choose one of --json, --markdown and --html.")
    if page is not None and page.exists() and Path(target).exists() and page.samefile(target):
        raise UsageError(f"--html would replace {plain(target)} itself. Name another file.")
    screening = screened(open_house(), target, precedents)
    _remark(screening, precedents)
    if as_json:
        print_json(_views(screening))
    elif as_markdown:
        click.echo(markdown_report(screening), nl=False)
    elif page is not None:
        _write(page, screening)
    else:
        _print(screening)


def _remark(screening: Screening, precedents: int) -> None:
    """What a person should know beside the data: how the text was read, why there are no precedents."""
    for note in screening.notes:
        remark(f"{screening.name}: {plain(note)}")
    if precedents and not screening.coverage.notices:
        remark(looked_in(screening.coverage))


def _views(screening: Screening) -> Iterator[ClaimView]:
    """Every claim in reading order."""
    for finding in screening.findings:
        for point in finding.points:
            claim = point.claim
            yield ClaimView(
                category=claim.category,
                grade=claim.grade,
                quote=claim.quote,
                start=claim.start,
                end=claim.end,
                disease=claim.disease,
                product=claim.product,
                route=claim.route,
                precedents=tuple(item.precedent for item in point.precedents),
            )


def _write(page: Path, screening: Screening) -> None:
    try:
        page.write_text(html_report(screening), encoding="utf-8")
    except OSError as error:
        raise StemwatchError(f"{page} cannot be written: {error.strerror or error}. Name another file.") from None
    remark(f"{counted(screening)} The report is {page}.")


def _print(screening: Screening) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for line in _told(screening):
        console.print(line)


def _told(screening: Screening) -> Iterator[str]:
    """The report for a terminal: the claims by grade, each with the best precedent."""
    yield f"[bold]{escape(screening.name)}[/bold]"
    yield counted(screening)
    if screening.coverage.notices:
        yield looked_in(screening.coverage)
    for grade, findings in screening.graded():
        yield f"\n[{STYLES[grade]}]{SIGNS[grade]} {GRADES[grade]} ({len(findings):,})[/]"
        for finding in findings:
            yield from _finding(finding)
    yield f"\n{CAVEAT}"
    if any(point.precedents for finding in screening.findings for point in finding.points):
        yield NOTICE_CAVEAT


def _finding(finding: Finding) -> Iterator[str]:
    yield f"  [bold]{escape(quoted(finding.claim.quote))}[/bold]"
    told: set[Precedent] = set()
    for point in finding.points:
        yield f"    {escape(about(point.claim))}"
        for item in point.precedents[:1]:
            if item.precedent in told:
                continue
            told.add(item.precedent)
            yield f"      {escape(cited(item))}"
            yield f"      [dim](show: stemwatch show {escape(item.precedent.notice)})[/dim]"
