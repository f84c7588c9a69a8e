"""Pure work on many things spread over processes, in order, with a bounded number under way."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")

BATCH = 25
WORTH = 250
"""Fewer things are done sooner than processes are started."""
MOST_PROCESSES = 4
AHEAD = 2
"""Batches under way for each process."""


Counted = Callable[[int, int], None]
"""Told how many of how many are done."""


class Spread(Protocol):
    """A way of doing work on many things: `here` or `spread`."""

    def __call__(self, work: Callable[[list[T]], R], things: Iterable[T], /) -> Iterator[R]: ...


def batches(things: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The things in lists of at most `size`."""
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch


def here(work: Callable[[list[T]], R], things: Iterable[T], /) -> Iterator[R]:
    """`work` on the things, batch by batch, in this process."""
    return map(work, batches(things))


def spread(work: Callable[[list[T]], R], things: Iterable[T], /) -> Iterator[R]:
    """As `here`, but many things in processes of their own, where there is more than one processor.

    Results come in the order of the things; `work` is a function of a module.
    """
    rest = iter(things)
    first = list(islice(rest, WORTH))
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    if len(first) < WORTH or processes < 2:
        yield from here(work, chain(first, rest))
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[R]] = deque()
        for batch in batches(chain(first, rest)):
            waiting.append(pool.submit(work, batch))
            if len(waiting) > AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
