"""A network may sign up a few times an hour, and is forgotten after it."""

from datetime import UTC, datetime, timedelta

import pytest

from publish.site.subscribing.tries import NETWORKS, TRIES_AN_HOUR, Tries, network_of

NOON = datetime(2025, 1, 28, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("unix socket", "unix socket"),
    ],
)
def test_a_network_is_what_one_client_has_many_addresses_of(host: str, network: str) -> None:
    assert network_of(host) == network


def test_a_network_that_tried_often_waits_for_the_next_hour_and_no_other_does() -> None:
    tries = Tries()
    assert [tries.wait(f"192.0.2.{number}", NOON) for number in range(TRIES_AN_HOUR)] == [0] * TRIES_AN_HOUR
    assert tries.wait("192.0.2.200", NOON) == 50 * 60
    assert tries.wait("198.51.100.1", NOON) == 0
    assert tries.wait("192.0.2.200", NOON + timedelta(minutes=50)) == 0


def test_networks_beyond_number_do_not_fill_the_memory() -> None:
    tries = Tries(networks=3)
    assert [tries.wait(f"10.0.{number}.1", NOON) == 0 for number in range(5)] == [True, True, True, False, False]
    assert tries.wait("10.0.0.9", NOON) == 0
    assert NETWORKS * 100 < 10_000_000
