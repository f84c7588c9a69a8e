"""stemwatch judge: what a person decides about relevance."""

import click

from scheduler.commands.output import remark
from scheduler.house import open_house
from stemwatch.decisions import DECIDED_LABELS, DecidedLabel
from stemwatch.errors import UsageError


@click.command()
@click.argument("notice")
@click.argument("label", type=click.Choice([*DECIDED_LABELS, "undecided"]))
@click.option("--why", default="", help="The reason; readers see it.")
def judge(notice: str, label: DecidedLabel, why: str) -> None:
    """Decide that NOTICE is relevant or unrelated: it wins over the lexicon, now and at every later run.

    `undecided` leaves the notice to the lexicon again. Subscriptions that the decision brings in are told late.
    """
    if label in DECIDED_LABELS and not why.strip():
        raise UsageError("A decision needs its reason: --why 'what the letter is about'.")
    house = open_house()
    with house.store() as store:
        if label in DECIDED_LABELS:
            name = store.decide(notice, label, why.strip(), house.clock.now())
            remark(f"{name} is {label} from now on: {why.strip()}")
        else:
            name = store.withdraw(notice)
            remark(f"{name} is left to the lexicon again.")
