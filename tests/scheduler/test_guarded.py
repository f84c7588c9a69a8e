"""Steps that fail: told, not every second, and never in the way of the service."""

import logging
from collections.abc import Callable

import pytest

from scheduler import guarded as module
from scheduler.crawling import Stopping
from scheduler.guarded import Guarded
from stemwatch.errors import StemwatchError


class Step:
    """Fails as it is told to."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __call__(self) -> None:
        if self.error:
            raise self.error


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    caplog.set_level(logging.INFO, logger="stemwatch")
    return lambda: [record.getMessage() for record in caplog.records]


def test_the_same_trouble_is_said_once_until_it_is_over_whatever_its_numbers(
    said: Callable[[], list[str]],
) -> None:
    step = Step()
    guarded = Guarded(step)
    for free in (30, 20, 10):
        step.error = StemwatchError(f"The disk has {free} MB left.")
        guarded()
    assert (said(), guarded.trouble) == (["The disk has 30 MB left."], "The disk has 10 MB left.")
    step.error = StemwatchError("The folder is gone.")
    guarded()
    step.error = None
    guarded()
    assert guarded.trouble == ""
    step.error = StemwatchError("The folder is gone.")
    guarded()
    assert said()[1:] == ["The folder is gone."] * 2


def test_trouble_that_lasts_is_said_again_after_a_while(
    said: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REPEAT_S", 0.0)
    step = Step()
    step.error = StemwatchError("The folder is gone.")
    guarded = Guarded(step)
    guarded()
    guarded()
    assert len(said()) == 2


def test_our_own_stop_is_no_trouble(said: Callable[[], list[str]]) -> None:
    step = Step()
    step.error = Stopping("It stops.")
    guarded = Guarded(step)
    guarded()
    assert (said(), guarded.trouble) == ([], "")


def test_what_nobody_foresaw_is_logged_with_its_trace(
    said: Callable[[], list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    step = Step()
    step.error = ZeroDivisionError("planted")
    guarded = Guarded(step)
    guarded()
    assert "planted" in caplog.text
    assert guarded.trouble
