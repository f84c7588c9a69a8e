"""Threads that read: each with a connection of its own, so that pages are made beside each other."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TypeVar

from publish.site.asking import Trouble
from publish.site.site import Site
from stemwatch.errors import StemwatchError
from stemwatch.store.reading import Reader

logger = logging.getLogger("stemwatch.site")
READERS = 4
MOST_SECONDS = 5.0
"""A page that takes longer is given up: its question was too wide."""
Result = TypeVar("Result")


class Readers:
    """A few reading threads over one data folder."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="page")
        self._own = threading.local()
        self._open: list[Reader] = []

    async def run(self, work: Callable[[Reader], Result]) -> Result:
        """`work` in one of the threads, on one state of the data. TimeoutError when it takes too long, Trouble
        when the data folder cannot be used."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._work, work)

    def _work(self, work: Callable[[Reader], Result]) -> Result:
        reader = self._reader()
        with reader.within(MOST_SECONDS):
            return work(reader)

    def _reader(self) -> Reader:
        reader: Reader | None = getattr(self._own, "reader", None)
        if reader is None:
            reader = self._own.reader = self._new()
            self._open.append(reader)
        return reader

    def _new(self) -> Reader:
        try:
            return Reader(self._site.home, self._site.sources)
        except StemwatchError as error:
            logger.warning("%s", error)  # it names the operator's folder, so readers are not told
            raise Trouble(HTTPStatus.SERVICE_UNAVAILABLE, "") from None

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        for reader in self._open:
            reader.close()
