"""stemwatch subscriptions: look at who is told; pause, try, remove, carry over."""

import sys
import tomllib
from pathlib import Path
from secrets import token_hex
from typing import Any

import click
import msgspec
import tomli_w

from notify.channels import describe
from notify.errors import NotAccepted
from notify.message import trial
from notify.rendering import frame_of
from scheduler.commands.output import print_json, print_table, remark
from scheduler.commands.subscribing import keep, read_subscription
from scheduler.delivering import transport_of
from scheduler.house import House, open_house
from scheduler.subscribers import find, find_kept, keyring_of, pages_of, signups_of, subscribers
from stemwatch.errors import StemwatchError, UsageError
from stemwatch.signup import read_address
from stemwatch.store import Store
from stemwatch.subscriptions import Kept, Sending, Subscription


class SubscriptionView(msgspec.Struct, frozen=True, kw_only=True):
    """One subscription as it is shown: `channel` without its secrets, `trouble` what keeps it from being told."""

    subscription: str
    channel: str
    kept_in: str
    send: Sending
    time_zone: str
    paused: bool
    trouble: str
    note: str
    settings: dict[str, Any]


@click.group()
def subscriptions() -> None:
    """Everybody who is told: the subscriptions of stemwatch.toml, and those of the database.

    What is written in stemwatch.toml is changed there; `stemwatch subscribe` makes one in the database.
    """


@subscriptions.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a subscription.")
def list_all(as_json: bool) -> None:
    """Every subscription, and what keeps it from being told."""
    house = open_house()
    with house.store() as store:
        views = [_view(house, store, subscription) for subscription in subscribers(house, store)]
    if as_json:
        print_json(views)
    else:
        print_table(
            ("subscription", "channel", "kept in", "send", "state", "note"),
            ((v.subscription, v.channel, v.kept_in, v.send, _state(v), v.note) for v in views),
        )


@subscriptions.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(name: str, as_json: bool) -> None:
    """One subscription with all its settings; its channel is told without its secrets."""
    house = open_house()
    with house.store() as store:
        view = _view(house, store, find(house, store, name))
    if as_json:
        print_json([view])
        return
    shown = {"channel": view.channel, "kept in": view.kept_in, "state": _state(view), **view.settings}
    print_table(("setting", "value"), ((key, value) for key, value in shown.items()))


def _view(house: House, store: Store, subscription: Subscription) -> SubscriptionView:
    trouble = subscription.unknown_rule(house.config.rules)
    try:
        channel = describe(subscription.channel_url(house.environ))
    except StemwatchError as error:
        channel, trouble = "-", str(error)
    if disabled := store.disabled().get(subscription.name):
        trouble = f"Disabled on {disabled.since:%Y-%m-%d}: {disabled.why}"
    return SubscriptionView(
        subscription=subscription.name,
        channel=channel,
        kept_in="database" if isinstance(subscription, Kept) else "stemwatch.toml",
        send=subscription.send,
        time_zone=subscription.time_zone,
        paused=subscription.paused,
        trouble=trouble,
        note=subscription.note,
        settings={key: value for key, value in subscription.settings().items() if key != "channel"},
    )


def _state(view: SubscriptionView) -> str:
    return "paused" if view.paused else view.trouble or "active"


@subscriptions.command()
@click.argument("name")
def pause(name: str) -> None:
    """Owe nothing to NAME until it is resumed; what it was owed is called off."""
    _set_paused(name, paused=True)
    remark(f"{name!r} is paused: nothing is owed to it until `stemwatch subscriptions resume`.")


@subscriptions.command()
@click.argument("name")
def resume(name: str) -> None:
    """Tell NAME what happens from now on; a channel that was disabled is tried again."""
    house = open_house()
    with house.store() as store:
        subscription = find(house, store, name)
        was_disabled = store.enable(name)
        if subscription.paused:
            _change(house, store, name, paused=False)
    if was_disabled:
        remark(f"The channel of {name!r} is tried again. What failed: `stemwatch deliveries --failed`.")
    remark(f"{name!r} is active.")


def _set_paused(name: str, *, paused: bool) -> None:
    house = open_house()
    with house.store() as store:
        _change(house, store, name, paused=paused)
        if paused:
            store.call_off([name], "The subscription was paused.", house.clock.now())


def _change(house: House, store: Store, name: str, *, paused: bool) -> None:
    subscription = find_kept(house, store, name)
    store.change_subscription(msgspec.structs.replace(subscription, paused=paused))


@subscriptions.command()
@click.argument("name")
def test(name: str) -> None:
    """Send NAME one message that is marked as a test, now, whatever its hours."""
    house = open_house()
    with house.store() as store:
        subscription = find(house, store, name)
        pages = pages_of(house, store)
    url, now = subscription.channel_url(house.environ), house.clock.now()
    public = isinstance(subscription, Kept) and subscription.public
    message = trial(frame_of(subscription, pages), at=now)
    try:
        transport_of(house).send(url, message, f"stemwatch-test-{token_hex(8)}", now=now, public=public)
    except NotAccepted as error:
        raise StemwatchError(
            f"The test message was not accepted by the {describe(url)} channel. {error}"
        ) from None
    remark(f"The {describe(url)} channel of {name!r} accepted the test message.")


@subscriptions.command()
@click.argument("name")
def remove(name: str) -> None:
    """Forget NAME and its channel. The record of what it was sent stays."""
    house = open_house()
    with house.store() as store:
        find_kept(house, store, name)
        store.remove_subscription(name, house.clock.now())
    remark(f"{name!r} is removed.")


@subscriptions.command()
@click.argument("address")
def erase(address: str) -> None:
    """Forget the e-mail ADDRESS of somebody who signed up on the site, whose owner asks for it.

    `-` reads it from standard input, so that it stays out of the shell's history.
    """
    wanted = read_address(sys.stdin.readline() if address == "-" else address)
    house = open_house()
    with house.store() as store:
        known = signups_of(house, store).erase_address(wanted, house.clock.now())
    remark("The address is erased." if known else "Nobody signed up with this address.")


@subscriptions.command("export")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a subscription instead of TOML.")
@click.option("--with-channels", is_flag=True, help="With the channels in clear: keep the file secret.")
def export_all(names: tuple[str, ...], as_json: bool, with_channels: bool) -> None:
    """Print subscriptions, all or those named, as `import` reads them. Without channels unless asked."""
    house = open_house()
    with house.store() as store:
        wanted = [find(house, store, name) for name in names] or subscribers(house, store)
    tables = [_exported(house, subscription, with_channels) for subscription in wanted]
    if as_json:
        print_json(tables)
    else:
        click.echo(tomli_w.dumps({"subscriptions": tables}), nl=False)


def _exported(house: House, subscription: Subscription, with_channels: bool) -> dict[str, Any]:
    settings = subscription.settings()
    if not with_channels:
        del settings["channel"]
    elif isinstance(subscription, Kept):
        settings["channel"] = subscription.channel_url(house.environ)
    return settings


@subscriptions.command("import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--replace", is_flag=True, help="In the place of subscriptions of the same names.")
def import_all(file: Path, replace: bool) -> None:
    """Keep the subscriptions of FILE, as `export` prints them, in the database: all of them, or none."""
    house = open_house()
    read = [read_subscription(house, table) for table in _tables(file)]
    with house.store() as store:
        keep(house, store, read, replace=replace)
    remark(f"Subscriptions kept: {len(read)}.")


def _tables(file: Path) -> list[object]:
    """The tables of a TOML file, or the objects of JSON lines."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        if text.lstrip().startswith("{"):
            return [msgspec.json.decode(line) for line in text.splitlines() if line.strip()]
        document = tomllib.loads(text)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.DecodeError) as error:
        raise UsageError(f"{file} is neither TOML nor JSON lines: {error}.") from None
    tables = document.pop("subscriptions", None)
    if document or not isinstance(tables, list):
        raise UsageError(f"{file} holds something else than [[subscriptions]].")
    return tables


@subscriptions.command()
def rekey() -> None:
    """Encrypt every channel under the first key of STEMWATCH_KEY; the old ones are not needed after that."""
    house = open_house()
    with house.store() as store:
        count = store.reseal(keyring_of(house))
    remark(f"Channels encrypted under the newest key: {count}.")
