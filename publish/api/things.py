"""One notice, one clinic, one source; the releases."""

from http import HTTPStatus

from publish.api import shapes
from publish.api.answers import answer
from publish.api.parameters import Question
from publish.releases.published import Published, names, published
from publish.site.asking import Answer, Asked, Trouble
from stemwatch.errors import UsageError


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
    made = (published(folder, name) for name in names(folder))
    return answer(shapes.Releases(items=tuple(_release(asked, release) for release in made if release)))


def _release(asked: Asked, release: Published) -> shapes.Release:
    files = tuple(
        shapes.ReleaseFile(
            name=file.name,
            size=file.size,
            sha256=file.sha256,
            url=asked.site.address(f"/data/{release.name}/{file.name}"),
        )
        for file in release.files.values()
    )
    return shapes.Release(release=release.name, day=release.day, files=files)
