"""Everybody who is told: the subscriptions of stemwatch.toml, then those of the database."""

from notify.dispatch import check_channels
from scheduler.house import House
from stemwatch.errors import UsageError
from stemwatch.store import Store
from stemwatch.store.keys import Keyring
from stemwatch.subscriptions import Kept, Subscription


def keyring_of(house: House) -> Keyring:
    return Keyring(house.home, house.environ)


def subscribers(house: House, store: Store) -> list[Subscription]:
    """All subscriptions. Of two with the same name the one in the file counts, which is the operator's own."""
    written = house.config.subscriptions
    names = {subscription.name for subscription in written}
    kept = [one for one in store.kept(keyring_of(house)) if one.name not in names]
    return [*written, *kept]


def receivers(house: House, store: Store) -> list[Subscription]:
    """Those, and the operator."""
    operator = house.config.operator.subscription
    return [*subscribers(house, store), *([operator] if operator else [])]


def check_written_channels(house: House) -> None:
    """StemwatchError naming the first channel of the file that cannot be used; one of the database fails alone."""
    operator = house.config.operator.subscription
    check_channels([*house.config.subscriptions, *([operator] if operator else [])], house.environ)


def find(house: House, store: Store, name: str) -> Subscription:
    """The subscription of this name; UsageError when there is none."""
    everybody = subscribers(house, store)
    for subscription in everybody:
        if subscription.name == name:
            return subscription
    known = ", ".join(repr(one.name) for one in everybody) or "none"
    raise UsageError(f"There is no subscription {name!r}. Known subscriptions: {known}.")


def find_kept(house: House, store: Store, name: str) -> Kept:
    """The same from the database; UsageError when it is one of the file, which only its owner changes."""
    subscription = find(house, store, name)
    if not isinstance(subscription, Kept):
        raise UsageError(f"The subscription {name!r} is written in stemwatch.toml: change it there.")
    return subscription
