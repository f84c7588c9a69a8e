"""The site of one installation."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from publish.serving.app import create_app
from publish.site.asking import Answer, Asked, Route
from publish.site.server import Server
from publish.site.site import Site
from publish.site.subscribing import Desk, routes
from scheduler.house import House
from scheduler.metrics import CONTENT_TYPE, Probes
from scheduler.subscribers import signups_of
from stemwatch.store.signups import Signups

PLAIN = "text/plain; charset=utf-8"


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


def probes_of(house: House) -> tuple[Route, ...]:
    """What a monitor asks: the figures, whether the process answers, whether it can work."""
    probes = Probes(house)

    def ready(_: Asked) -> Answer:
        able, said = probes.ready()
        return Answer(f"{said}\n".encode(), PLAIN, HTTPStatus.OK if able else HTTPStatus.SERVICE_UNAVAILABLE)

    return (
        Route("/metrics", lambda _: Answer(probes.metrics(), CONTENT_TYPE), cached=False),
        Route("/healthz", lambda _: Answer(b"The process answers.\n", PLAIN), cached=False, reads=False),
        Route("/readyz", ready, cached=False),
    )


def server_of(house: House) -> Server:
    """A server for the house's site, where its settings say. StemwatchError when it cannot listen there."""
    more = (*routes(desk_of(house), signup=house.config.site.signup), *probes_of(house))
    return Server(create_app(site_of(house), more), *house.config.site.address)
