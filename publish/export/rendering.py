"""Pages become files: in this process when they are few, beside each other in several when they are many."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from http import HTTPStatus
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from publish.export.addresses import EXPORTED, Planned
from publish.export.folder import digest_of, put
from publish.site.asking import Answer, Asked, Trouble
from publish.site.placing import file_of, placed
from publish.site.site import Site
from publish.site.templating import rendered
from stemwatch.store.reading import Reader

FEW = 200
BATCH = 100
PROCESSES = 2


class Done(NamedTuple):
    """A page that was made: its file, a digest of its bytes, empty when there is no such page, if it is new."""

    planned: Planned
    name: str
    content: str
    new: bool


class Task(NamedTuple):
    """A page to be made, the file it becomes, and the digest of what lies there; empty when that is not known."""

    planned: Planned
    name: str
    content: str


def name_of(planned: Planned) -> str:
    """The file of a page, as a path below the folder."""
    return file_of(placed(planned.path))


def render(site: Site, folder: Path, tasks: Sequence[Task]) -> Iterator[Done]:
    """Makes the pages and puts those into the folder whose bytes are new, in any order."""
    if len(tasks) <= FEW:
        with Reader(site.home, site.sources) as reader:
            for task in tasks:
                yield _made(site, reader, folder, task)
        return
    waiting = iter(tasks)
    batches = iter(lambda: tuple(islice(waiting, BATCH)), ())
    with ProcessPoolExecutor(
        PROCESSES, mp_context=get_context("spawn"), initializer=_begin, initargs=(site, folder)
    ) as pool:
        for found in pool.map(_batch, batches):
            yield from found


class _Own:
    """What a process that renders has open."""

    site: Site
    folder: Path
    reader: Reader


def _begin(site: Site, folder: Path) -> None:
    _Own.site, _Own.folder, _Own.reader = site, folder, Reader(site.home, site.sources)


def _batch(tasks: Sequence[Task]) -> list[Done]:
    return [_made(_Own.site, _Own.reader, _Own.folder, task) for task in tasks]


def _made(site: Site, reader: Reader, folder: Path, task: Task) -> Done:
    asked = Asked(site, reader, task.planned.params)
    try:
        with reader.snapshot():
            answer = EXPORTED[task.planned.route].page(asked)
    except Trouble as trouble:
        if trouble.status != HTTPStatus.NOT_FOUND:
            raise
        return Done(task.planned, task.name, "", new=False)
    body = answer.file or _body(site, answer)
    content = digest_of(body)
    if content != task.content:
        put(folder, task.name, body)
    return Done(task.planned, task.name, content, content != task.content)


def _body(site: Site, answer: Answer) -> bytes:
    """The bytes of an answer; for one that leads elsewhere a page that does."""
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        return rendered(site, "moved", address=answer.headers["Location"]).encode()
    return answer.body
