"""The receiver in the documents does what they say: it takes what is signed, once, and catches up."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from urllib3 import HTTPResponse, PoolManager

from notify.frame import Frame
from notify.message import alert
from notify.webhook import Hook, hook
from tests.notify.conftest import free_port
from tests.notify.samples import mention

RECEIVER = Path(__file__).parents[1] / "docs" / "webhook_receiver.py"
OLD, NEW = "whsec_" + "T0xE" * 8, "whsec_" + "TkVX" * 8
MISSED = {"change": 40, "title": "missed"}
BODY = alert(mention(change_with={"change": 41}), Frame()).payload


class Running:
    """The receiver as a process of its own, with a command `stemwatch` that knows of one change."""

    def __init__(self, folder: Path) -> None:
        self.port, self.cursor = free_port(), folder / "cursor"
        self.now = datetime.now(UTC)
        command = folder / "stemwatch"
        command.write_text(f"#!{sys.executable}\nimport sys\nprint({json.dumps(MISSED)!r})\n")
        command.chmod(0o755)
        environ = {**os.environ, "STEMWATCH_HOOK_KEYS": f"{NEW} {OLD}", "PATH": f"{folder}:{os.environ['PATH']}"}
        self.process = subprocess.Popen(
            [sys.executable, str(RECEIVER), str(self.port), str(self.cursor)],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def taken(self) -> Any:
        """The next thing that it took."""
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def post(
        self, sender: Hook, body: bytes = BODY, *, later: int = 0, name: str = "d-1", sent: bytes = b""
    ) -> int:
        """The status. Signed some minutes `later` than the start; `sent` goes in place of what was signed."""
        at = self.now + timedelta(minutes=later)
        answer = PoolManager(retries=20).request(
            "POST", f"http://127.0.0.1:{self.port}/", body=sent or body, headers=sender.headers(name, body, at)
        )
        assert isinstance(answer, HTTPResponse)
        return answer.status


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    assert running.taken() == MISSED  # so it listens, or is just about to
    yield running
    running.process.kill()
    running.process.communicate()


def keyed(*keys: str) -> Hook:
    return hook("stemwatch+https://x.example/#" + "&".join(f"k{number}={key}" for number, key in enumerate(keys)))


def test_what_is_signed_is_taken_with_its_cursor(receiver: Running) -> None:
    assert receiver.post(keyed(NEW)) == 204
    assert receiver.taken()["cursor"] == 41
    assert receiver.cursor.read_text() == "41"


def test_either_of_two_keys_will_do(receiver: Running) -> None:
    stranger = "whsec_" + "QUFB" * 8
    assert receiver.post(keyed(OLD), name="a") == 204
    assert receiver.post(keyed(stranger, NEW), name="b") == 204
    assert receiver.post(keyed(stranger), name="c") == 400


def test_an_altered_a_replayed_and_an_old_body_are_refused(receiver: Running) -> None:
    assert receiver.post(keyed(NEW), sent=BODY.replace(b"41", b"42")) == 400
    assert receiver.post(keyed(NEW), later=-6) == 400
    assert receiver.post(keyed(NEW), later=7) == 400
    assert receiver.post(keyed(NEW)) == 204
    assert receiver.post(keyed(NEW)) == 400


def test_a_later_try_of_what_was_taken_is_accepted_and_not_taken_again(receiver: Running) -> None:
    assert receiver.post(keyed(NEW)) == 204
    assert receiver.post(keyed(NEW), later=1) == 204
    assert receiver.post(keyed(NEW), name="d-2", body=BODY.replace(b"41", b"43")) == 204
    assert [receiver.taken()["cursor"], receiver.taken()["cursor"]] == [41, 43]
