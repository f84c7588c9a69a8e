"""stemwatch clinics: find them, and decide which are one."""

from collections.abc import Iterable, Sequence

import click

from scheduler.commands.looking import JSON
from scheduler.commands.output import print_json, print_table, remark, shown
from scheduler.house import open_house
from stemwatch.clinics.views import Candidate, ClinicDecision, ClinicView
from stemwatch.errors import UsageError
from stemwatch.views import SourceView

SHORT_LIST = 50
NO_CLEAN_BILL = (
    "This does not mean that a clinic is approved or safe: it may go by another name, or be unknown to them."
)
HOW_TO_DECIDE = (
    "A pair is one clinic: stemwatch clinics merge ONE OTHER --why '...'. A clinic is two: "
    "stemwatch clinics split CLINIC NOTICE... --why '...'. Taking it back: stemwatch clinics undo DECISION."
)
WHY = click.option("--why", default="", help="The reason; readers see it.")


class Searching(click.Group):
    """A group whose own arguments are a search, unless the first names a command of it."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in context.help_option_names):
            args = ["find", *args]
        return super().parse_args(context, args)


@click.group(cls=Searching)
def clinics() -> None:
    """Find clinics: `stemwatch clinics [QUERY]` is short for `stemwatch clinics find [QUERY]`.

    A clinic is a business with all its names over time, gathered from the notices of every source. The other
    commands are for deciding which clinics are one.
    """


@clinics.command()
@click.argument("query", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Also clinics that only unrelated notices name.")
@JSON
def find(query: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Find clinics by QUERY, best first: a name or an old one, a person, a web address, a town.

    Where nothing is found, names that are spelt alike follow; they are marked as close and are not what was asked
    for. Without QUERY every clinic is listed by name.
    """
    house = open_house()
    asked = " ".join(query)
    with house.store() as store, store.snapshot():
        views = list(store.clinics(asked, everything=everything))
        sources = store.source_views(house.every)
    if as_json:
        print_json(views)
    else:
        _print_clinics(views, everything)
    if not views or views[0].found == "close":
        remark(_nothing(asked, sources, close=bool(views)))


def _print_clinics(views: Sequence[ClinicView], everything: bool) -> None:
    most = len(views) if everything else SHORT_LIST
    if not views:
        return
    if views[0].found == "close":
        click.echo("Spelt alike, perhaps what you meant:")
    print_table(
        ("clinic", "name", "found by", "places", "notices", "newest"),
        [(v.clinic, v.name, _found(v), "; ".join(v.places[:3]), v.notices, v.last_on) for v in views[:most]],
    )
    if len(views) > most:
        remark(f"And {len(views) - most:,} more: --all shows them, and clinics of unrelated notices too.")


def _found(view: ClinicView) -> str:
    return f"close: {view.matched}" if view.found == "close" else view.matched


def _nothing(asked: str, sources: Iterable[SourceView], *, close: bool) -> str:
    """What was not found, where it was looked for, and what that does not say."""
    covered = "; ".join(f"{s.regulator}: {s.title}, last good check {_checked(s)}" for s in sources)
    named = f"No clinic is found by {asked!r}" if asked else "No clinic is known yet"
    also = "; the names above are only spelt alike" if close else ""
    return f"{named}{also}. Looked at: {covered}. {NO_CLEAN_BILL}"


def _checked(source: SourceView) -> str:
    return shown(source.last_ok_at) if source.last_ok_at else "never"


@clinics.command()
@click.argument("one")
@click.argument("other")
@WHY
def merge(one: str, other: str, why: str) -> None:
    """Decide that the clinics ONE and OTHER, named by their ids, are one.

    The older id stays, the other leads to it. The decision wins over what the notices say, until it is undone.
    """
    _needs_reason(why)
    house = open_house()
    with house.store() as store:
        decision = store.merge_clinics(one, other, why.strip(), house.clock.now())
        whole = store.clinic(decision.clinic).clinic
    _remark_decision(decision, f"{decision.clinic} and {decision.other} are one: {whole}.")


@clinics.command()
@click.argument("clinic")
@click.argument("notices", nargs=-1, required=True, metavar="NOTICE...")
@WHY
def split(clinic: str, notices: tuple[str, ...], why: str) -> None:
    """Decide that NOTICE... are about another clinic than CLINIC.

    A notice is named by its id or a part of it that no other has. Whatever the notices share, they stay apart.
    """
    _needs_reason(why)
    house = open_house()
    with house.store() as store:
        decision = store.split_clinic(clinic, notices, why.strip(), house.clock.now())
    _remark_decision(decision, f"{len(decision.notices)} taken out of {decision.clinic}.")


@clinics.command()
@click.argument("decision", type=int)
def undo(decision: int) -> None:
    """Take back the DECISION of that number; it stays on record."""
    house = open_house()
    with house.store() as store:
        store.undo(decision, house.clock.now())
    remark(f"Decision {decision} is undone.")


@clinics.command()
@JSON
def review(as_json: bool) -> None:
    """List pairs of clinics that may be one, the most likely first, with what speaks for it."""
    house = open_house()
    with house.store() as store:
        pairs, dropped, decisions = store.review(), store.dropped_keys(), store.clinic_decisions()
    if as_json:
        print_json(pairs)
        return
    for pair in pairs:
        _print_pair(pair)
    if dropped:
        click.echo("Not used to link, because too many firms share it:")
        for key in dropped:
            click.echo(f"  {key.by} {key.value}: {key.firms} firms")
    if decisions:
        click.echo("Decisions:")
        for decision in decisions:
            click.echo(f"  {described(decision)}")
    remark(HOW_TO_DECIDE if pairs else "No pair of clinics asks for a decision.")


def _print_pair(pair: Candidate) -> None:
    click.echo(f"{pair.score:.2f}  {pair.clinic} {pair.name}  |  {pair.other} {pair.other_name}")
    click.echo(f"      {', '.join(why.replace('_', ' ') for why in pair.why)}")
    for proof in pair.evidence:
        click.echo(f"      {proof.notice}, {proof.field}: {proof.quote}")


def described(decision: ClinicDecision) -> str:
    """A decision on one line."""
    what = f"{decision.clinic} and {decision.other} are one" if decision.verb == "merge" else ""
    what = what or f"{', '.join(decision.notices)} not of {decision.clinic}"
    undone = f", undone {shown(decision.undone_at)}" if decision.undone_at else ""
    return f"{decision.decision}: {what} ({decision.why}; {shown(decision.decided_at)}{undone})"


def _needs_reason(why: str) -> None:
    if not why.strip():
        raise UsageError("A decision needs its reason: --why 'both letters name the same owner'.")


def _remark_decision(decision: ClinicDecision, what: str) -> None:
    remark(f"Decision {decision.decision}: {what} Take it back: stemwatch clinics undo {decision.decision}")
