"""A process that dies while it applies a bundle loses nothing and doubles nothing."""

import shutil
import subprocess
import sys
from pathlib import Path
from signal import SIGKILL
from typing import NamedTuple

import pytest

from stemwatch.bundle import Bundle
from stemwatch.store import Store
from tests.store.builders import CHARA, KIMERA, NAME, SOURCE, START, SURGENEX, World, changed, letter, look, page

CHILD = """
import os, signal, sys
from pathlib import Path
from stemwatch.bundle import Bundle
from stemwatch.store import Store
from tests.store.builders import NAME, SOURCE, START

home, bundle, left = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
store = Store(home, {NAME: SOURCE})

def count(statement):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

store.db.conn.set_trace_callback(count)
store.apply(Bundle(bundle), START)
print(left)
"""
ROOT = Path(__file__).parents[2]
MANY = 10**9


def apply_in_child(home: Path, bundle: Path, statements: int) -> "subprocess.CompletedProcess[str]":
    """Apply in a process of its own that is killed before its n-th statement."""
    return subprocess.run(
        [sys.executable, "-c", CHILD, str(home), str(bundle), str(statements)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def prepared(home: Path) -> Path:
    """A folder with a history, and a bundle that brings every kind of change; the bundle's path."""
    old = letter("prodx-health-720762-01082026", "ProDx Health", case_number="720762")
    new = letter("prodx-health-720762-02102026", "ProDx Health", case_number="720762")
    edited = changed(CHARA, subject="HCT/P")
    with World(home) as world:
        world.run([CHARA, KIMERA, SURGENEX, old], page(CHARA, "Before."))
        world.run([CHARA, SURGENEX, old])
        world.run([CHARA, SURGENEX, old])
        rows = [letter(f"firm-{number}") for number in range(5)]
        closed = changed(SURGENEX, closed_out_on=SURGENEX.posted_on)
        looks = [look(KIMERA, "gone"), look(old, "gone")]
        return world.bundle([*rows, new, edited, closed], [page(edited, "After."), page(rows[0])], looks).path


def state(home: Path) -> tuple[list[str], list[tuple[str, bytes]]]:
    """Everything stored."""
    with Store(home, {NAME: SOURCE}) as store:
        dump = [
            line for line in store.db.iterdump() if 'INTO "instance"' not in line and "_migrations" not in line
        ]
        assert list(store.verify()) == []
    return dump, [(path.name, path.read_bytes()) for path in sorted((home / "evidence").glob("*.gz"))]


class Whole(NamedTuple):
    """A folder before an apply, the bundle, the state after it, and how many statements it took."""

    before: Path
    bundle: Path
    state: tuple[list[str], list[tuple[str, bytes]]]
    statements: int


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    before, home = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("whole") / "home"
    bundle = prepared(before)
    shutil.copytree(before, home)
    done = apply_in_child(home, bundle, MANY)
    assert done.returncode == 0, done.stderr
    return Whole(before, bundle, state(home), MANY - int(done.stdout))


@pytest.fixture
def home(tmp_path: Path, whole: Whole) -> Path:
    return shutil.copytree(whole.before, tmp_path / "home")


def test_the_bundle_brings_every_kind_of_change(whole: Whole, home: Path) -> None:
    with Store(home, {NAME: SOURCE}) as store:
        view = store.apply(Bundle(whole.bundle), START)
    counts = (view.added, view.edited, view.closed_out, view.delisted, view.reissued)
    assert counts == (5, 1, 1, 1, 1)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.97, 1.0])
def test_killed_anywhere_and_applied_again_it_is_as_if_nothing_had_happened(
    whole: Whole, home: Path, share: float
) -> None:
    killed = apply_in_child(home, whole.bundle, max(1, round(share * whole.statements)))
    assert killed.returncode == -SIGKILL, killed.stderr
    with Store(home, {NAME: SOURCE}) as store:
        store.apply(Bundle(whole.bundle), START)
    assert state(home) == whole.state


def test_what_a_killed_process_left_is_the_state_before(whole: Whole, home: Path) -> None:
    before = state(home)[0]
    assert apply_in_child(home, whole.bundle, whole.statements // 2).returncode == -SIGKILL
    assert state(home)[0] == before


def test_applied_by_several_processes_at_once_it_is_applied_once(whole: Whole, home: Path) -> None:
    command = [sys.executable, "-c", CHILD, str(home), str(whole.bundle), str(MANY)]
    children = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    troubles = [child.communicate()[1] for child in children]
    assert troubles == ["", "", ""]
    assert state(home) == whole.state
