"""stemwatch deliver: match what is new and send what is due."""

import click

from notify.dispatch import DeliveryView
from scheduler.commands.output import print_json, print_table, remark
from scheduler.delivering import BUSY, LOCK, deliver_due
from scheduler.house import open_house
from scheduler.subscribers import check_written_channels


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a delivery.")
def deliver(as_json: bool) -> None:
    """Match new changes with the subscriptions and send every delivery that is due."""
    house = open_house()
    check_written_channels(house)
    with house.lock(LOCK, busy=BUSY, wait=60), house.store() as store:
        store.release_leases()
        views = list(deliver_due(house, store))
    if as_json:
        print_json(views)
    elif views:
        print_table(("delivery", "subscription", "channel", "about", "outcome", "error"), map(_row, views))
    else:
        remark("Nothing is due.")
    failed = [view for view in views if view.outcome != "sent"]
    for view in failed:
        remark(f"Delivery {view.delivery} to {view.subscription!r}: {view.outcome}. {view.error}")
    if failed:
        raise SystemExit(1)


def _row(view: DeliveryView) -> tuple[object, ...]:
    about = view.notice or "digest"
    return (view.delivery, view.subscription, view.channel, about, view.outcome, view.error)
