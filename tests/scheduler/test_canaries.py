"""No secret of any channel appears anywhere: not in logs, output, errors, the database, or a release."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stemwatch.store.keys import FILE
from tests.notify.conftest import HttpSink
from tests.scheduler.conftest import RELEVANT_NEWS, Run, process, until

CHANNELS = (
    "json://user:CANARYpassword@127.0.0.1:{port}/CANARYpath?+X-Token=CANARYheader",
    "slack://T1JJ3T3L2/A1BRTD4JD/CANARYnlazkcOXrIdevi7FQx/#alerts",
    "mailto://user:CANARYpassword@127.0.0.1:9/CANARYreader@example.org?from=watch@example.org",
    "tgram://123456789:CANARYabcdefghijklmnopqrstuvwxyz12345/12345",
    "stemwatch+http://127.0.0.1:{port}/CANARYpath#k=whsec_Q0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZ",
)
NAMES = ("json", "slack", "mail", "telegram", "hook")
SECRETS = (b"CANARY", b"Q0FOQVJZ")


def planted(run: Run, sink: HttpSink) -> None:
    for name, channel in zip(NAMES, CHANNELS, strict=True):
        assert run("subscribe", name, channel.format(port=sink.port)).code == 0


def leaks(texts: Iterator[bytes]) -> list[bytes]:
    return [text for text in texts if any(secret in text for secret in SECRETS)]


@pytest.mark.parametrize("status", [200, 404, 503])
def test_no_command_and_no_file_tells_a_secret(
    run: Run, moved: Path, sink: HttpSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setenv("STEMWATCH_SLACK_BASE", f"http://127.0.0.1:{sink.port}")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # Telegram's own address is not ours to ask
    planted(run, sink)
    sink.status = status
    commands = (
        *(["deliver", "--json"], ["deliveries", "--json"], ["deliveries"], ["subscriptions", "list", "--json"]),
        *(["subscriptions", "export"], ["subscriptions", "export", "--json"], ["verify"]),
        *(["export", str(tmp_path / "release")], ["changes", "--json"]),
        *(["subscriptions", which, name] for which in ("show", "test") for name in NAMES),
    )
    said = [run(*command) for command in commands]
    assert leaks((done.out + done.err).encode() for done in said) == []
    assert not any("Traceback" in done.err for done in said)
    with sqlite3.connect(moved / "stemwatch.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    files = [path for folder in (moved, tmp_path) for path in folder.rglob("*") if path.is_file()]
    assert any(path.name == FILE for path in files)
    assert leaks(path.read_bytes() for path in files) == []


def test_the_log_of_the_service_tells_no_secret(
    run: Run, moved: Path, sink: HttpSink, settings: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEMWATCH_SLACK_BASE", f"http://127.0.0.1:{sink.port}")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    settings(
        f'[operator]\nchannel = "{sink.url(rest="/CANARY")}"\n[sources.us_fda_warning_letters]\nenabled = false'
    )
    planted(run, sink)
    sink.status = 404
    service = process("run")
    database = f"file:{moved / 'stemwatch.db'}?mode=ro"

    def tried() -> bool:
        with sqlite3.connect(database, uri=True) as connection:
            sql = "SELECT count(*) FROM deliveries WHERE error <> ''"
            return int(connection.execute(sql).fetchone()[0]) >= 2 * RELEVANT_NEWS

    until(tried)
    service.terminate()
    out, err = service.communicate(timeout=60)
    assert "Delivery" in err
    assert leaks(iter([out.encode(), err.encode()])) == []
