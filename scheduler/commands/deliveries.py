"""stemwatch deliveries, stemwatch correct: what was sent, what failed, what was wrong."""

import click

from scheduler.commands.output import print_json, print_table, remark
from scheduler.house import open_house
from stemwatch.deliveries import LedgerView
from stemwatch.errors import UsageError


@click.group(invoke_without_command=True)
@click.option("--failed", is_flag=True, help="Only what was given up.")
@click.option("--subscription", metavar="NAME", help="Only what one subscription was sent or is owed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a delivery.")
@click.pass_context
def deliveries(context: click.Context, failed: bool, subscription: str | None, as_json: bool) -> None:
    """Every message: to whom, about what, when it was accepted and by which answer, or why it was not."""
    if context.invoked_subcommand:
        return
    house = open_house()
    with house.store() as store:
        views = store.deliveries(subscription=subscription, failed=failed)
        if as_json:
            print_json(views)
        else:
            print_table(("delivery", "subscription", "about", "state", "when", "answer"), map(_row, views))


def _row(view: LedgerView) -> tuple[object, ...]:
    about = view.subject or (view.notices[0] if len(view.notices) == 1 else f"{len(view.notices)} notices")
    if view.as_event:
        about += f" (and, as the same event: {', '.join(view.as_event)})"
    when = view.sent_at or view.next_try_at or view.due_at
    return (view.delivery, view.subscription, about, view.status, when, view.answer or view.error)


@deliveries.command()
@click.argument("delivery", type=int, required=False)
@click.option("--all-failed", is_flag=True, help="Everything that was given up.")
def retry(delivery: int | None, all_failed: bool) -> None:
    """Try a failed DELIVERY again, from the start, under its first idempotency key."""
    if (delivery is None) == (not all_failed):
        raise UsageError("Name one delivery, or --all-failed.")
    house = open_house()
    with house.store() as store:
        now = house.clock.now()
        if delivery is not None:
            store.retry(delivery, now)
        count = 1 if delivery is not None else store.retry_failed(now)
    remark(f"Deliveries to be tried again: {count}. The service sends them, or `stemwatch deliver`.")


@click.command()
@click.argument("change", type=click.IntRange(min=1))
@click.option("--why", required=True, help="What was wrong; readers see it.")
def correct(change: int, why: str) -> None:
    """Say that CHANGE was told wrongly: whoever was sent it is sent the correction, and nobody else.

    Messages about it that are still owed are called off.
    """
    if not why.strip():
        raise UsageError("A correction needs its reason: --why 'what was wrong'.")
    house = open_house()
    with house.store() as store:
        now = house.clock.now()
        store.correct(change, why.strip(), now)
        count = store.owe_corrections(now)
    remark(f"Corrections owed: {count}. The service sends them, or `stemwatch deliver`.")
