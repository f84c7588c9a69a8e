"""stemwatch clinic: everything about one clinic."""

from collections.abc import Iterable, Iterator
from datetime import date

import click
import msgspec
from rich.console import Console
from rich.markup import escape

from scheduler.commands.clinics import described
from scheduler.commands.looking import CAVEAT
from scheduler.commands.output import remark, shown
from scheduler.house import open_house
from stemwatch.clinics.views import ActionView, ClinicDossier, EvidenceView, RelatedView, ThingView

RELATIONS = {
    "sister": "same owner",
    "parent": "parent or subsidiary",
    "supplier": "supplier of it",
    "customer": "customer of it",
    "affiliate": "with the same people or at the same place",
    "codefendant": "accused together with it",
    "named": "named in the same notice",
    "shared_officer": "a person in common",
    "same_address": "the same address",
    "similar_name": "a name spelt alike",
}


@click.command()
@click.argument("clinic", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def clinic(clinic: str, as_json: bool) -> None:
    """Show one clinic by its ID: names over time, people, websites, places, notices, other clinics, decisions.

    Every line comes with the notice, the field and the words it rests on. An id that was merged shows what it
    became. `stemwatch clinics NAME` finds the id.
    """
    house = open_house()
    with house.store() as store, store.snapshot():
        dossier = store.clinic(clinic)
    if dossier.asked != dossier.clinic:
        remark(f"{dossier.asked} became {dossier.clinic}.")
    if as_json:
        click.echo(msgspec.json.encode(dossier))
        return
    console = Console()
    for line in _described(dossier):
        console.print(line, highlight=False, soft_wrap=True)


def _described(dossier: ClinicDossier) -> Iterator[str]:
    yield f"[bold]{escape(dossier.name)}[/bold]  {dossier.clinic}"
    if dossier.also:
        yield f"  also known by the ids {', '.join(dossier.also)}"
    yield "\n[bold]Names[/bold]"
    for name in dossier.names:
        yield f"  {escape(name.name)}  {_span(name.first_on, name.last_on)}"
        yield from _proofs(name.evidence)
    if dossier.people:
        yield "\n[bold]People[/bold]"
    for person in dossier.people:
        yield f"  {escape(', '.join((person.name, *person.titles)))}  {_span(person.first_on, person.last_on)}"
        yield from _proofs(person.evidence)
    yield from _things("Websites", dossier.websites)
    yield from _things("Places", dossier.places)
    yield from _things("Products", dossier.products)
    yield "\n[bold]Notices[/bold]"
    for action in dossier.notices:
        yield from _action(action)
    yield from _related(dossier.related)
    if dossier.decisions:
        yield "\n[bold]Decisions[/bold]"
    yield from (f"  {escape(described(decision))}" for decision in dossier.decisions)
    yield f"\n{CAVEAT}"


def _things(title: str, things: Iterable[ThingView]) -> Iterator[str]:
    for number, thing in enumerate(things):
        if not number:
            yield f"\n[bold]{title}[/bold]"
        yield f"  {escape(thing.value)}"
        yield from _proofs(thing.evidence)


def _action(action: ActionView) -> Iterator[str]:
    closed = f", closed out {shown(action.closed_out_on)}" if action.closed_out_on else ""
    part = "about it" if action.part == "subject" else f"names it as {action.part}"
    yield f"  {shown(action.on)}  {escape(action.title)}  {action.regulator}, {action.stage}{closed}; {part}"
    yield f"    {escape(action.url)}"
    if action.event not in (None, action.notice):
        yield f"    the same event as {escape(action.event)}"
    yield from _proofs([action.evidence])


def _related(related: Iterable[RelatedView]) -> Iterator[str]:
    for number, other in enumerate(related):
        if not number:
            yield "\n[bold]Other clinics[/bold]  (to be related is no wrong)"
        yield f"  {RELATIONS[other.relation]}: {escape(other.name)}  {other.clinic}"
        yield from _proofs(other.evidence)


def _proofs(proofs: Iterable[EvidenceView]) -> Iterator[str]:
    for proof in proofs:
        yield f"    {escape(proof.notice)}, {proof.field}: “{escape(proof.quote)}”"


def _span(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return "undated"
    return shown(first) if first == last else f"{shown(first)} to {shown(last)}"
