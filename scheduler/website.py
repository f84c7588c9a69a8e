"""The site of one installation."""

from publish.site.app import create_app
from publish.site.server import Server
from publish.site.site import Site
from scheduler.house import House


def site_of(house: House) -> Site:
    """What the pages need to know of the house."""
    return Site(
        home=house.home,
        sources=house.sources,
        every=house.every,
        now=house.clock.now,
        url=house.config.site.url.rstrip("/"),
        contact=house.config.contact,
        releases=house.releases,
    )


def server_of(house: House) -> Server:
    """A server for the house's site, where its settings say. StemwatchError when it cannot listen there."""
    return Server(create_app(site_of(house)), *house.config.site.address)
