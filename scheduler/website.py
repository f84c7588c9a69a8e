"""The site of one installation."""

from collections.abc import Iterator
from contextlib import contextmanager

from publish.site.app import create_app
from publish.site.server import Server
from publish.site.site import Site
from publish.site.subscribing import Desk, routes
from scheduler.house import House
from scheduler.subscribers import signups_of
from stemwatch.store.signups import Signups


def site_of(house: House) -> Site:
    """What the pages need to know of the house."""
    return Site(
        home=house.home,
        sources=house.sources,
        every=house.every,
        now=house.clock.now,
        url=house.config.site.url.rstrip("/"),
        contact=house.config.contact,
        signup=house.config.site.signup,
        releases=house.releases,
    )


def desk_of(house: House) -> Desk:
    """Opens public sign-up on a connection of its own."""

    @contextmanager
    def desk() -> Iterator[Signups]:
        with house.store() as store:
            yield signups_of(house, store)

    return desk


def server_of(house: House) -> Server:
    """A server for the house's site, where its settings say. StemwatchError when it cannot listen there."""
    more = routes(desk_of(house), signup=house.config.site.signup)
    return Server(create_app(site_of(house), more), *house.config.site.address)
