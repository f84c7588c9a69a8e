"""A log that people read on a terminal and programs read everywhere else."""

import io
import json
import logging
import os
from collections.abc import Iterator

import pytest

from scheduler.logs import JsonLines, set_up
from tests.scheduler.conftest import NAME


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    """The service's logger; everything is as it was afterwards."""
    root, ours = logging.getLogger(), logging.getLogger("stemwatch")
    before = (root.handlers[:], root.level, ours.level)
    yield ours
    root.handlers[:], level, own = before
    root.setLevel(level)
    ours.setLevel(own)


def test_in_a_file_each_message_is_one_json_object_with_what_it_is_about(logger: logging.Logger) -> None:
    stream = io.StringIO()
    set_up(stream)
    logger.info("%s: ok\nand fine", NAME, extra={"run": "run-1", "source": NAME, "channel": "json://CANARY"})
    logger.debug("Not told.")
    logging.getLogger("library").info("Not told either.")
    (told,) = [json.loads(line) for line in stream.getvalue().splitlines()]
    at = told.pop("at")
    assert at.endswith("+00:00")
    assert told == {
        "level": "info",
        "logger": "stemwatch",
        "said": f"{NAME}: ok\nand fine",
        "run": "run-1",
        "source": NAME,
    }


def test_an_exception_is_one_line_too(logger: logging.Logger) -> None:
    stream = io.StringIO()
    set_up(stream)
    try:
        raise OSError("no room")
    except OSError:
        logger.exception("A step failed")
    (told,) = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert told["said"] == "A step failed"
    assert told["trace"].endswith("OSError: no room")


def test_on_a_terminal_it_is_a_plain_line(logger: logging.Logger) -> None:
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        set_up(terminal)
        logger.info("Started")
        assert os.read(ours, 1000).decode().rstrip().endswith("INFO Started")
    os.close(ours)


def test_a_value_that_is_no_text_is_told_as_it_is() -> None:
    record = logging.LogRecord("stemwatch", logging.INFO, "", 0, "Sent", (), None)
    record.delivery = 7
    assert json.loads(JsonLines().format(record))["delivery"] == 7
