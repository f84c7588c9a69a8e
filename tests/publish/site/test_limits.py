"""How often a network may ask: a full bucket at once, then as it fills again; bounded in memory."""

from http import HTTPStatus
from pathlib import Path

import msgspec
import pytest

from publish.serving.app import create_app
from publish.serving.routes import ROUTES
from publish.site.limits import LIMITS, Limit, Limits, network
from publish.site.server import Server
from tests.publish.site.conftest import Client, site_over

HERE, THERE = "192.0.2.7", "198.51.100.7"


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def limits(clock: Clock, most: int = 100) -> Limits:
    return Limits({"api": Limit(3, 60), "search": Limit(1, 60)}, clock, most)


def test_a_bucket_is_spent_at_once_and_fills_again_with_time() -> None:
    clock = Clock()
    made = limits(clock)
    assert [made.spend("api", HERE).left for _ in range(3)] == [2, 1, 0]
    refused = made.spend("api", HERE)
    assert (refused.allowed, refused.wait) == (False, 20)
    clock.seconds = 19.9
    assert not made.spend("api", HERE).allowed
    clock.seconds = 20
    assert made.spend("api", HERE).allowed
    clock.seconds = 10_000
    assert [made.spend("api", HERE).allowed for _ in range(4)] == [True, True, True, False]


def test_every_network_and_every_limit_has_a_bucket_of_its_own() -> None:
    made = limits(Clock())
    assert made.spend("search", HERE).allowed
    assert not made.spend("search", "192.0.2.200").allowed
    assert made.spend("search", THERE).allowed
    assert made.spend("api", HERE).allowed


def test_what_is_kept_is_bounded_and_who_asks_most_is_not_forgotten() -> None:
    made = limits(Clock(), most=10)
    for number in range(50):
        made.spend("api", f"2001:db8:{number:x}::1")
        busy = made.spend("api", HERE)
    assert not busy.allowed
    assert made.spend("api", "2001:db8:0::1").left == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.250", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1::1", "2001:db8:1:ffff::9", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.9", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "", True),
    ],
)
def test_a_network_is_what_one_household_has(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same


def test_whoever_asks_too_often_is_told_how_long_to_wait(letters: Path) -> None:
    with Server(create_app(site_over(letters), limits=limits(Clock())), "127.0.0.1", 0) as server:
        client = Client(f"http://127.0.0.1:{server.port}")
        first = client.get("/api/v1/sources")
        assert first.headers["RateLimit-Policy"] == '"api";q=3;w=60'
        assert first.headers["RateLimit"] == '"api";r=2;t=0'
        client.get("/api/v1/sources")
        client.get("/api/v1/sources")
        refused = client.get("/api/v1/sources")
        assert refused.status == HTTPStatus.TOO_MANY_REQUESTS
        assert refused.headers["Retry-After"] == "20"
        assert refused.headers["Access-Control-Allow-Origin"] == "*"
        assert "wait 20 seconds" in msgspec.json.decode(refused.data)["detail"]
        assert client.get("/").status == HTTPStatus.OK


def test_behind_a_proxy_of_this_machine_the_reader_counts_not_the_proxy(letters: Path) -> None:
    with Server(create_app(site_over(letters), limits=limits(Clock())), "127.0.0.1", 0) as server:
        client = Client(f"http://127.0.0.1:{server.port}")
        for _ in range(3):
            client.get("/api/v1/sources", X_Forwarded_For=HERE)
        assert client.get("/api/v1/sources", X_Forwarded_For=HERE).status == HTTPStatus.TOO_MANY_REQUESTS
        assert client.get("/api/v1/sources", X_Forwarded_For=THERE).status == HTTPStatus.OK


def test_every_limit_that_a_route_names_exists() -> None:
    assert {route.limit for route in ROUTES} - {""} <= LIMITS.keys()
