"""The whole site as files in a folder, of which only what changed is written."""

from collections.abc import Callable, Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from publish.export.addresses import Planned, content_of, digest, planned
from publish.export.folder import Entry, State, digest_of, drop, keep, opened, put
from publish.export.rendering import Task, name_of, render
from publish.export.searching import BUNDLE, ENTRY, available, documents, write_index
from publish.site.asking import Asked
from publish.site.site import Site
from stemwatch.store.reading import Reader

Progress = Callable[[str, int, int], None]
"""Told a stage, and how many of how many are done."""
EVERY = 100
_CODE = (".py", ".html", ".toml", ".css", ".js", ".svg")


class Exported(msgspec.Struct, frozen=True):
    """What an export did: how many files there are, were looked at, written and removed."""

    folder: str
    files: int
    rendered: int
    written: int
    removed: int


def export_site(site: Site, folder: Path, progress: Progress) -> Exported:
    """Makes `folder` the site as it is now. `site` must be `static`.

    Files are replaced one by one; what an interrupted export left is completed by the next.
    UsageError and StemwatchError as for `opened`.
    """
    with opened(folder) as state:
        with Reader(site.home, site.sources) as reader, reader.snapshot():
            progress("planning", 0, 1)
            content = content_of(Asked(site, reader), version(site))
            plan = {name_of(page): page for page in planned(content)}
            found = list(documents(site, reader)) if available() else []
        tasks = _tasks(folder, state, plan)
        written, gone = _rendered(site, folder, state, tasks, progress)
        index = _indexed(folder, state, found, progress)
        obsolete = [name for name in state.files if name not in plan and name not in index] + gone
        for name in obsolete:
            drop(folder, name)
            state.files.pop(name)
        keep(folder, state)
    return Exported(str(folder), len(state.files), len(tasks), written, len(obsolete))


def version(site: Site) -> str:
    """Differs when the pages of the same data may look otherwise: another code, template, word or setting."""
    return digest(
        *map(_code, ("publish", "stemwatch")), site.url, site.contact, site.language, site.menu, site.every
    )


def _code(package: str) -> list[tuple[str, bytes]]:
    return sorted((path.name, path.read_bytes()) for path in _below(files(package)) if path.name.endswith(_CODE))


def _below(folder: Traversable) -> Iterable[Traversable]:
    for path in folder.iterdir():
        if path.is_dir():
            yield from _below(path)
        else:
            yield path


def _tasks(folder: Path, state: State, plan: dict[str, Planned]) -> list[Task]:
    """What is to be made anew. It is written down as unknown first: made again, should this be cut short."""
    outdated = {
        name: state.files.get(name, Entry())
        for name, page in plan.items()
        if state.files.get(name, Entry()).made_from != page.digest
    }
    if outdated:
        keep(folder, State(files={**state.files, **dict.fromkeys(outdated, Entry())}))
    return [Task(plan[name], name, entry.content) for name, entry in outdated.items()]


def _rendered(
    site: Site, folder: Path, state: State, tasks: list[Task], progress: Progress
) -> tuple[int, list[str]]:
    """Makes the pages; returns how many were written, and the names of those that there are no more."""
    written, gone = 0, []
    for done, page in enumerate(render(site, folder, tasks), start=1):
        written += page.new
        state.files[page.name] = Entry(page.planned.digest, page.content)
        if not page.content:
            gone.append(page.name)
        if done % EVERY == 0 or done == len(tasks):
            progress("writing", done, len(tasks))
    return written, gone


def _indexed(folder: Path, state: State, found: list[str], progress: Progress) -> set[str]:
    """Writes the search index, unless it was made from the same; returns the names of its files."""
    made_from = digest(found)
    known = {name: entry for name, entry in state.files.items() if name.startswith(f"{BUNDLE}/")}
    if found and known and all(entry.made_from == made_from for entry in known.values()):
        return set(known)
    names = set()
    if found:
        progress("indexing", 0, len(found))
        for name, body in write_index(folder, found):
            content = digest_of(body)
            # Parts are named by their content; what names them may stem from an export that was cut short.
            if name.endswith(ENTRY) or state.files.get(name, Entry()).content != content:
                put(folder, name, body)
            state.files[name] = Entry(made_from, content)
            names.add(name)
        progress("indexing", len(found), len(found))
    return names
