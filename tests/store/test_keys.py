"""Channels lie encrypted in the database, under a key that only its owner may read."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from stemwatch.config import Subscription
from stemwatch.errors import StemwatchError, UsageError
from stemwatch.store.keys import FILE, Keyring, KeyTrouble
from tests.store.builders import World

SECRET = "jsons://user:CANARY-password@example.org/CANARY-token"
PRESS = Subscription(name="press", channel=SECRET, note="why")


def new_key() -> str:
    return Fernet.generate_key().decode()


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    sealed = Keyring(tmp_path, {}).seal(SECRET)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert Keyring(tmp_path, {}).open(sealed) == SECRET
    assert "CANARY" not in sealed


def test_a_key_from_the_environment_needs_no_file(tmp_path: Path) -> None:
    ring = Keyring(tmp_path, {"STEMWATCH_KEY": new_key()})
    assert ring.open(ring.seal(SECRET)) == SECRET
    assert list(tmp_path.iterdir()) == []


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    sealed = Keyring(tmp_path, {}).seal(SECRET)
    (tmp_path / FILE).chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600"):
        Keyring(tmp_path, {}).open(sealed)


@pytest.mark.parametrize("lost", ["file", "wrong", "damaged"])
def test_a_lost_key_is_told_with_what_is_lost_and_how_to_recover(tmp_path: Path, lost: str) -> None:
    sealed = Keyring(tmp_path, {}).seal(SECRET)
    if lost == "file":
        (tmp_path / FILE).unlink()
    else:
        (tmp_path / FILE).write_text(new_key() if lost == "wrong" else "half of a k")
    with pytest.raises(KeyTrouble) as trouble:
        Keyring(tmp_path, {}).open(sealed)
    assert FILE in str(trouble.value)
    assert lost == "damaged" or "--replace" in str(trouble.value)


def test_keys_are_changed_without_a_gap(world: World) -> None:
    old, new = new_key(), new_key()
    world.store.keep([PRESS], Keyring(world.home, {"STEMWATCH_KEY": old}), world.now)
    both = Keyring(world.home, {"STEMWATCH_KEY": f"{new}, {old}"})
    assert world.store.reseal(both) == 1
    (kept,) = world.store.kept(Keyring(world.home, {"STEMWATCH_KEY": new}))
    assert kept.channel_url({}) == SECRET
    with pytest.raises(KeyTrouble):
        world.store.kept(Keyring(world.home, {"STEMWATCH_KEY": old}))[0].channel_url({})


def test_the_database_holds_no_channel_in_clear(world: World) -> None:
    ring = Keyring(world.home, {})
    world.store.keep([PRESS], ring, world.now)
    (kept,) = world.store.kept(ring)
    assert (kept.name, kept.note, kept.channel) == ("press", "why", "")
    assert kept.channel_url({}) == SECRET
    assert "CANARY" not in repr(kept)
    world.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files = [path for path in world.home.rglob("*") if path.is_file()]
    assert not any(b"CANARY" in path.read_bytes() for path in files)


def test_a_name_is_taken_once_and_all_or_none_are_kept(world: World) -> None:
    ring = Keyring(world.home, {})
    world.store.keep([PRESS], ring, world.now)
    other = Subscription(name="other", channel=SECRET)
    with pytest.raises(StemwatchError, match="'press' already"):
        world.store.keep([other, PRESS], ring, world.now)
    assert [one.name for one in world.store.kept(ring)] == ["press"]
    world.store.keep([PRESS], ring, world.now, replace=True)
