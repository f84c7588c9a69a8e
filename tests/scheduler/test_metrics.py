"""The figures are those of the tables, in a form that Prometheus reads, and cost little to ask for."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest
import urllib3
from prometheus_client.parser import text_string_to_metric_families

from publish.serving.app import create_app
from publish.site.server import Server
from scheduler import backup
from scheduler.house import House
from scheduler.metrics import CONTENT_TYPE, Probes
from scheduler.website import probes_of, site_of
from stemwatch.config import BackupSettings, SourceSettings
from stemwatch.deliveries import Owed, Settled
from stemwatch.store.counting import Tally
from tests.scheduler.conftest import FIRST, NAME, SECOND, house_of
from tests.store.builders import CHARA, KIMERA, SURGENEX, World, letter

Figures = dict[tuple[str, ...], float]


def figures(house: House) -> Figures:
    """Each sample's value by its name, without `stemwatch_`, and its labels, by their order."""
    return read(Probes(house).metrics())


def read(text: bytes) -> Figures:
    return {
        (sample.name.removeprefix("stemwatch_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def owe(world: World, *names: str) -> list[int]:
    """Owes one delivery for each name, due now; claims them all and returns their numbers."""
    changes = [change.change for change in world.store.unmatched()]
    debts = [
        Owed(subscription=name, change=changes[0], identity=name, kind="at_once", due_at=world.now)
        for name in names
    ]
    world.store.enqueue(debts, changes, world.now)
    lease = world.now + timedelta(minutes=5)
    return [one.id for one in world.store.claim(now=world.now, lease_until=lease, limit=len(names))]


def settle(world: World, delivery: int, outcome: str) -> None:
    values = {"delivery": delivery, "subscription": "press", "at": world.now}
    world.store.settle([Settled(outcome=outcome, **values)])  # type: ignore[arg-type]


def test_they_say_what_the_tables_hold(moved: Path) -> None:
    found = figures(house_of(moved, SECOND))
    assert found["store_readable",] == 1
    assert found["runs_total", NAME, "ok"] == 2
    assert found["changes_total", "source", "baseline"] == 59
    assert found["source_verdict", NAME, "ok"] == 1
    assert found["source_notices", NAME] == 63
    assert found["source_last_ok_timestamp_seconds", NAME] == datetime.fromisoformat(SECOND).timestamp()
    assert found["source_period_seconds", NAME] == 6 * 3600
    assert found["changes_unmatched",] == 6
    assert found["process_resident_memory_bytes",] > 1e6
    assert found["database_bytes",] > 1e5


def test_a_source_that_is_not_followed_is_not_told_of(moved: Path) -> None:
    house = house_of(moved, SECOND)
    idle = msgspec.structs.replace(house.config, sources={NAME: SourceSettings(enabled=False)})
    found = figures(House(house.home, idle, house.clock, house.environ, house.sources))
    assert ("source_notices", NAME) not in found
    assert ("source_period_seconds", NAME) not in found
    assert found["runs_total", NAME, "ok"] == 2


def test_deliveries_are_counted_by_their_outcome_and_what_waits_by_its_age(world: World) -> None:
    world.run([CHARA])
    world.run([CHARA, KIMERA])
    first, second, third, _ = owe(world, "a", "b", "c", "d")
    settle(world, first, "sent")
    settle(world, third, "dead")
    found = figures(house_of(world.home, (world.now + timedelta(hours=2)).isoformat()))
    outcomes = [found["deliveries_total", name] for name in ("sent", "failed", "withdrawn")]
    assert outcomes == [1, 1, 0]
    assert found["deliveries_waiting",] == 2
    assert found["deliveries_oldest_due_seconds",] == pytest.approx(2 * 3600, abs=60)
    assert second


def test_a_tally_that_is_kept_up_is_the_same_as_one_that_begins_anew(world: World) -> None:
    kept = Tally()
    rows = [CHARA]
    for number in range(4):
        rows.append(letter(f"firm-{number}"))
        world.run(rows) if number % 2 else world.broken(rows)
        if world.store.unmatched():
            taken = owe(world, *(f"{letter}{number}" for letter in "abcd"))
            for delivery, outcome in zip(taken, ("dead", "sent", "sent"), strict=False):
                settle(world, delivery, outcome)
            kept.update(world.store.db)
            world.store.retry(taken[0], world.now)
            settle(world, taken[0], "sent")
        kept.update(world.store.db)
        anew = Tally()
        anew.update(world.store.db)
        assert (kept.runs, kept.changes) == (anew.runs, anew.changes)
        assert sum(kept.deliveries.values()) == sum(anew.deliveries.values())
    assert sum(kept.runs.values()) == 4


def test_a_delivery_that_is_tried_again_by_hand_is_counted_anew(world: World) -> None:
    tally = Tally()
    world.run([CHARA])
    world.run([CHARA, KIMERA, SURGENEX])
    (delivery,) = owe(world, "a")
    settle(world, delivery, "dead")
    tally.update(world.store.db)
    assert tally.deliveries == {"failed": 1}
    world.store.retry(delivery, world.now)
    tally.update(world.store.db)
    assert tally.deliveries == {}
    settle(world, delivery, "sent")
    tally.update(world.store.db)
    assert tally.deliveries == {"sent": 1}


def test_two_houses_in_one_process_share_no_figure(moved: Path, world: World, tmp_path: Path) -> None:
    shutil.copytree(moved, tmp_path / "a")
    one, other = Probes(house_of(tmp_path / "a", SECOND)), Probes(house_of(tmp_path / "b", SECOND))
    assert ("runs_total", NAME, "ok") in read(one.metrics())
    assert ("runs_total", NAME, "ok") not in read(other.metrics())


def test_the_age_of_the_newest_backup_is_told(filled: Path, tmp_path: Path) -> None:
    house = house_of(filled, FIRST)
    settings = BackupSettings(folder=str(tmp_path / "shelf"))
    house = House(filled, msgspec.structs.replace(house.config, backup=settings), house.clock, {}, house.sources)
    assert ("backup_last_timestamp_seconds",) not in figures(house)
    backup.back_up(house, tmp_path / "shelf")
    assert figures(house)["backup_last_timestamp_seconds",] == datetime(2025, 1, 21, 16, tzinfo=UTC).timestamp()


def test_a_store_that_cannot_be_read_is_a_figure_and_not_ready(home: Path) -> None:
    probes = Probes(house_of(home, FIRST))
    assert probes.ready() == (True, "Ready.")
    (home / "stemwatch.db").write_bytes(b"no database " * 1000)
    ready, said = probes.ready()
    assert not ready
    assert str(home) not in said, "Anybody may read it."
    found = read(probes.metrics())
    assert found["store_readable",] == 0
    assert found["process_resident_memory_bytes",] > 1e6


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed (Debian's package prometheus)")
def test_promtool_finds_nothing_to_say_about_them(moved: Path) -> None:
    text = Probes(house_of(moved, SECOND)).metrics()
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_the_site_answers_a_monitor(moved: Path) -> None:
    house = house_of(moved, SECOND)
    app = create_app(site_of(house), probes_of(house))
    with Server(app, "127.0.0.1", 0) as server:
        ask = partial(urllib3.PoolManager().request, "GET", retries=False)
        at = f"http://127.0.0.1:{server.port}"
        answer = ask(f"{at}/metrics")
        assert (answer.status, answer.headers["Content-Type"]) == (200, CONTENT_TYPE)
        assert read(answer.data)["runs_total", NAME, "ok"] == 2
        assert (ask(f"{at}/healthz").status, ask(f"{at}/readyz").data) == (200, b"Ready.\n")
        assert ask(f"{at}/readyz").headers["Cache-Control"] == "no-store"
        moved.rename(moved.with_name("gone"))
        moved.write_text("in its place", encoding="utf-8")
        assert {ask(f"{at}/healthz").status for _ in range(9)} == {200}
        assert ask(f"{at}/readyz").status == 503
