"""stemwatch deliver: match what is new and send what is due."""

import click

from notify.dispatch import DeliveryView, Dispatcher, check_channels, match
from scheduler.commands.output import print_json, print_table, remark
from scheduler.house import House, open_house
from stemwatch.store import Store

BUSY = "Another process is delivering from this data folder: wait for it, or stop it."


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a delivery.")
def deliver(as_json: bool) -> None:
    """Match new changes with the subscriptions and send every delivery that is due."""
    house = open_house()
    check_channels(house.config.subscriptions, house.environ)
    with house.lock("deliver", busy=BUSY, wait=60), house.store() as store:
        store.release_leases()
        match(store, house.config.subscriptions, house.clock.now)
        views = list(dispatcher(house, store).deliver())
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


def dispatcher(house: House, store: Store) -> Dispatcher:
    """The one sender of a house; whoever holds the lock `deliver` may use it."""
    return Dispatcher(
        store,
        house.config.subscriptions,
        house.environ,
        house.clock.now,
        lambda: tuple(store.source_views(house.every)),
    )


def _row(view: DeliveryView) -> tuple[object, ...]:
    about = view.notice or "digest"
    return (view.delivery, view.subscription, view.channel, about, view.outcome, view.error)
