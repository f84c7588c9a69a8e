"""stemwatch subscribe: keep a subscription in the database."""

import sys
from datetime import time
from typing import Any

import click
import msgspec

from notify.dispatch import check_channels
from scheduler.commands.output import remark
from scheduler.house import House, open_house
from scheduler.subscribers import keyring_of
from stemwatch.complaints import complaint
from stemwatch.errors import UsageError
from stemwatch.store import Store
from stemwatch.subscriptions import Subscription, check_subscription
from stemwatch.words import WEEKDAYS


def clock_time(context: click.Context, parameter: click.Parameter, value: str | None) -> time | None:
    """HH:MM."""
    try:
        return time.fromisoformat(value) if value else None
    except ValueError:
        raise click.BadParameter(f"{value!r} is no time of day such as 08:00.") from None


@click.command()
@click.argument("name")
@click.argument("channel")
@click.option("--rule", multiple=True, help="A rule of stemwatch.toml; several may be given.")
@click.option("--relevance", multiple=True, help="Labels that are wanted, without a rule.")
@click.option("--source", "sources", multiple=True, help="Sources that are wanted, without a rule.")
@click.option("--verb", "verbs", multiple=True, help="Changes that are wanted, without a rule.")
@click.option("--send", type=click.Choice(["at_once", "daily", "weekly"]), help="How often.  [default: at_once]")
@click.option("--at", callback=clock_time, metavar="HH:MM", help="When a digest's day ends.  [default: 08:00]")
@click.option("--weekday", type=click.Choice(WEEKDAYS), help="When a digest's week ends.  [default: monday]")
@click.option("--time-zone", help="Of the times, such as Europe/Berlin.  [default: UTC]")
@click.option("--quiet-from", callback=clock_time, metavar="HH:MM", help="Nothing is sent from then on...")
@click.option("--quiet-to", callback=clock_time, metavar="HH:MM", help="...until then.")
@click.option("--urgent", multiple=True, help="Stages that pass the quiet hours.")
@click.option("--urgent-rule", help="A rule that passes the quiet hours.")
@click.option("--group-minutes", type=int, help="Wait so long for more, and send one message.")
@click.option("--one-per-item", is_flag=True, default=None, help="A message for each notice, in digests, too.")
@click.option("--language", help="Of the fixed words.  [default: en]")
@click.option("--note", help="Why you subscribed; it stands in each message.")
@click.option("--empty", is_flag=True, default=None, help="A digest also when nothing is new.")
@click.option("--replace", is_flag=True, help="In the place of a subscription of this name.")
def subscribe(
    name: str,
    channel: str,
    quiet_from: time | None,
    quiet_to: time | None,
    urgent_rule: str | None,
    replace: bool,
    **settings: Any,
) -> None:
    """Keep a subscription NAME to CHANNEL, an Apprise URL, in the database.

    CHANNEL is encrypted there. `-` reads it from standard input, so that it stays out of the shell's history.
    """
    if channel == "-":
        channel = sys.stdin.readline().strip()
    given = {key: value for key, value in settings.items() if value not in (None, ())}
    if quiet_from or quiet_to:
        given["quiet"] = {"from": quiet_from, "to": quiet_to}
    if urgent_rule:
        given["urgent"] = urgent_rule
    house = open_house()
    subscription = read_subscription(house, {**given, "name": name, "channel": channel})
    with house.store() as store:
        keep(house, store, [subscription], replace=replace)
    remark(f"{name!r} is subscribed. `stemwatch subscriptions test {name!r}` sends a test message.")


def read_subscription(house: House, fields: object) -> Subscription:
    """A subscription as TOML and JSON have it, checked as those of stemwatch.toml. Else UsageError."""
    try:
        subscription = msgspec.convert(fields, Subscription, strict=True)
        check_subscription(subscription, house.sources, house.config.rules)
    except msgspec.ValidationError as error:
        raise UsageError(f"The subscription cannot be used: {complaint(error, Subscription, fields)}.") from None
    except UsageError as error:
        raise UsageError(f"The subscription cannot be used: {str(error).rstrip('.')}.") from None
    return subscription


def keep(house: House, store: Store, subscriptions: list[Subscription], *, replace: bool) -> None:
    """Store all or none. UsageError for a channel that cannot be used, or a name that the file has."""
    check_channels(subscriptions, {})
    written = {one.name for one in house.config.subscriptions}
    for one in subscriptions:
        if one.name in written:
            raise UsageError(f"stemwatch.toml has a subscription {one.name!r} already: choose another name.")
    store.keep(subscriptions, keyring_of(house), house.clock.now(), replace=replace)
