"""Threads are used again, and one that hangs holds up nobody."""

import threading
from contextvars import ContextVar

from notify.hands import Hands


def test_work_is_done_by_the_same_thread_as_long_as_it_comes_back() -> None:
    hands, seen = Hands(), []
    for _ in range(5):
        assert hands.do(lambda: seen.append(threading.current_thread()), 5)
    assert len(seen) == 5
    assert len(set(seen)) <= 2, "The first may not be idle again when the second piece comes."


def test_work_that_hangs_is_left_to_itself_and_its_thread_is_used_again_when_it_ends() -> None:
    hands, free, ended = Hands(), threading.Event(), threading.Event()

    def hang() -> None:
        free.wait(10)
        ended.set()

    assert not hands.do(hang, 0.01)
    assert hands.do(lambda: None, 5)
    free.set()
    assert ended.wait(5)
    assert hands.do(lambda: None, 5)


def test_work_has_the_context_of_its_caller() -> None:
    word, seen = ContextVar("word", default=""), []
    word.set("mine")
    assert Hands().do(lambda: seen.append(word.get()), 5)
    assert seen == ["mine"]
