"""One notice, one clinic, one source; the releases."""

import re
from datetime import date
from http import HTTPStatus
from pathlib import Path

from publish.api import shapes
from publish.api.answers import answer
from publish.api.parameters import Question
from publish.releases.files import checksums
from publish.site.asking import Answer, Asked, Trouble
from stemwatch.errors import UsageError

_FOLDER = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.(\d+))?")


def notice(asked: Asked) -> Answer:
    """Everything about the notice of this source and key."""
    Question(asked, ())
    name = f"{asked.path['source']}/{asked.path['key']}"
    if not asked.store.notices_named([name]):
        raise Trouble(HTTPStatus.NOT_FOUND, f"There is no notice {name!r}: /api/v1/notices?query=WORDS finds it.")
    found = asked.store.dossier(name)
    # Whom we told of it is nobody else's business.
    shape = shapes.Notice(
        notice=found.notice, history=found.history, pages=found.pages, evidence=found.evidence, also=found.also
    )
    return answer(shape)


def clinic(asked: Asked) -> Answer:
    """Everything about the clinic that goes by this id, or did."""
    Question(asked, ())
    name = asked.path["clinic"]
    try:
        return answer(asked.store.clinic(name))
    except UsageError:
        sentence = f"There is no clinic {name!r}: /api/v1/clinics?query=NAME finds it."
        raise Trouble(HTTPStatus.NOT_FOUND, sentence) from None


def source(asked: Asked) -> Answer:
    """One source."""
    Question(asked, ())
    name = asked.path["name"]
    for row in asked.store.source_rows(asked.site.every):
        if row.source == name:
            return answer(row)
    raise Trouble(HTTPStatus.NOT_FOUND, f"There is no source {name!r}: /api/v1/sources lists them.")


def releases(asked: Asked) -> Answer:
    """The releases of the dataset, newest first, with their checksums."""
    Question(asked, ())
    folder = asked.site.releases
    found = (
        [path for path in folder.iterdir() if _FOLDER.fullmatch(path.name)] if folder and folder.is_dir() else []
    )
    made = (_release(asked, path) for path in sorted(found, key=_order, reverse=True))
    return answer(shapes.Releases(items=tuple(release for release in made if release)))


def _order(folder: Path) -> tuple[str, int]:
    match = _FOLDER.fullmatch(folder.name)
    assert match is not None
    return match[1], int(match[2] or 1)


def _release(asked: Asked, folder: Path) -> shapes.Release | None:
    """A release on disk; None when its checksums are gone: somebody is removing it."""
    try:
        known = checksums(folder)
    except FileNotFoundError:
        return None
    files = tuple(
        shapes.ReleaseFile(name=name, sha256=digest, url=asked.site.address(f"/data/{folder.name}/{name}"))
        for name, digest in sorted(known.items())
    )
    return shapes.Release(release=folder.name, day=date.fromisoformat(_order(folder)[0]), files=files)
