"""Everybody who is told: the subscriptions of stemwatch.toml, then those of the database."""

from collections.abc import Callable, Sequence
from functools import partial

from notify.channels import check, describe
from notify.dispatch import check_channels
from notify.lanes import lane_of
from scheduler.house import House
from stemwatch.errors import StemwatchError, UsageError
from stemwatch.site import Links, Pages
from stemwatch.store import Store
from stemwatch.store.keys import Keyring
from stemwatch.store.signups import Signups
from stemwatch.subscriptions import Kept, Subscription


def keyring_of(house: House) -> Keyring:
    return Keyring(house.home, house.environ)


def subscribers(house: House, store: Store) -> list[Subscription]:
    """All subscriptions. Of two with the same name the one in the file counts, which is the operator's own."""
    written = house.config.subscriptions
    names = {subscription.name for subscription in written}
    kept = [one for one in store.kept(keyring_of(house), mail_of(house)) if one.name not in names]
    return [*written, *kept]


def receivers(house: House, store: Store, everybody: Sequence[Subscription]) -> list[Subscription]:
    """These subscribers, the operator, and whoever is owed a letter about subscribing."""
    operator = house.config.operator.subscription
    letters = store.letters(keyring_of(house), mail_of(house))
    return [*everybody, *([operator] if operator else []), *letters]


def mail_of(house: House) -> Callable[[str], str]:
    """Makes a channel of an address that was given on the site."""
    return partial(house.config.site.channel, environ=house.environ)


def pages_of(house: House, store: Store) -> Pages:
    """Our pages as mails link to them; nothing without a site."""
    links = store.links(keyring_of(house)) if house.config.site.url else {}
    return Pages(house.config.site.url, lambda name: links[name]() if name in links else Links())


def keep_links(house: House, store: Store, subscriptions: Sequence[Subscription]) -> None:
    """Whoever is told by e-mail gets links to leave by and to manage, when there is a site for them to lead to."""
    if house.config.site.url:
        named = {one.name: one for one in subscriptions}
        store.renew_links(keyring_of(house), named, lambda name: _is_mail(named[name], house), house.clock.now())


def _is_mail(subscription: Subscription, house: House) -> bool | None:
    """None when its channel cannot be read just now, which is told when it is sent."""
    try:
        return describe(subscription.channel_url(house.environ)).startswith("mail")
    except StemwatchError:
        return None


def signups_of(house: House, store: Store) -> Signups:
    """What the pages of public sign-up do."""
    lane = lane_of(mail_of(house)("reader@example.org")) if house.config.site.mail else ""
    return store.signups(keyring_of(house), lane)


def check_written_channels(house: House) -> None:
    """StemwatchError naming the first channel of the file that cannot be used; one of the database fails alone."""
    operator = house.config.operator.subscription
    check_channels([*house.config.subscriptions, *([operator] if operator else [])], house.environ)
    if house.config.site.signup:
        _check_mail(house)


def _check_mail(house: House) -> None:
    try:
        check(mail_of(house)("reader@example.org"), public=True)
    except StemwatchError as error:
        raise type(error)(f"Public sign-up cannot be used: {error}") from None


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
