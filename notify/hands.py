"""Threads that do one piece of work after another; one that does not come back is left to itself."""

import threading
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from queue import SimpleQueue


class Hands:
    """Does work for any thread. Idle threads are used again: making one costs 0.1 ms."""

    def __init__(self) -> None:
        self._idle: deque[SimpleQueue[Callable[[], None]]] = deque()

    def begin(self, work: Callable[[], None]) -> None:
        """Have work done that raises nothing. Its thread does not keep the process alive."""
        self._tasks().put(work)

    def do(self, work: Callable[[], None], limit: float) -> bool:
        """Whether the work ended within `limit` seconds. It has the caller's context, and raises nothing.

        A thread that is late goes on, becomes idle when it ends, and does not keep the process alive.
        """
        done = threading.Lock()
        done.acquire()
        context = copy_context()

        def whole() -> None:
            try:
                context.run(work)
            finally:
                done.release()

        self.begin(whole)
        return done.acquire(timeout=limit)

    def _tasks(self) -> "SimpleQueue[Callable[[], None]]":
        """The queue of an idle thread, else of a new one."""
        try:
            return self._idle.pop()
        except IndexError:
            tasks: SimpleQueue[Callable[[], None]] = SimpleQueue()
            threading.Thread(target=self._work, args=(tasks,), name="hand", daemon=True).start()
            return tasks

    def _work(self, tasks: "SimpleQueue[Callable[[], None]]") -> None:
        while True:
            tasks.get()()
            self._idle.append(tasks)
