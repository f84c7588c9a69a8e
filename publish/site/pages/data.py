"""The dataset: what each release holds, and its files."""

from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup

from publish.explore.explorer import available
from publish.releases.citation import cited
from publish.releases.columns import FORMAT_VERSION
from publish.releases.folders import LATEST
from publish.releases.published import Published, PublishedFile, latest, names, published
from publish.releases.readme import SHORT
from publish.releases.tables import FILES
from publish.site.asking import Answer, Asked, Trouble
from publish.site.site import Site
from publish.site.templating import page
from publish.site.texts import texts

KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}
BRIEF = {"Cache-Control": "public, max-age=300"}
METADATA = "dataset.jsonld"
# What search engines read of a dataset: https://schema.org/Dataset
_TOLD = ("name", "description", "version", "datePublished", "keywords", "creator", "citation", "license")
_FILE = ("name", "encodingFormat", "contentSize", "sha256")
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class Formats(NamedTuple):
    """A table in all its formats."""

    name: str
    about: str
    files: tuple[PublishedFile, ...]


def data(asked: Asked) -> Answer:
    """The newest release, the list of all, and how to use them; without releases what there will be."""
    name = latest(asked.site.releases)
    release = published(asked.site.releases, name) if name else None
    return _shown(asked, release)


def release(asked: Asked) -> Answer:
    """One release; `latest` leads to the newest."""
    return _moved(asked) or _shown(asked, _found(asked))


def download(asked: Asked) -> Answer:
    """One file of a release, as it lies on disk."""
    if moved := _moved(asked):
        return moved
    found = _found(asked)
    file = found.files.get(asked.path["file"])
    if file is None:
        raise Trouble(HTTPStatus.NOT_FOUND, texts(asked.site.language, "data")["no_file"])
    headers = {**KEPT, "Content-Disposition": f'attachment; filename="{file.name}"'}
    return Answer(media_type=file.media_type, headers=headers, file=found.folder / file.name)


def _moved(asked: Asked) -> Answer | None:
    """The answer that leads from `latest` to the newest release, when that is asked for."""
    if asked.path["release"] != LATEST:
        return None
    parts = [latest(asked.site.releases), asked.path.get("file")]
    if parts[0] is None:
        raise Trouble(HTTPStatus.NOT_FOUND, texts(asked.site.language, "data")["none"])
    there = asked.site.link("/".join(["/data", *filter(None, parts)]))
    return Answer(status=HTTPStatus.TEMPORARY_REDIRECT, headers={"Location": there, **BRIEF})


def _found(asked: Asked) -> Published:
    found = published(asked.site.releases, asked.path["release"])
    if found is None:
        raise Trouble(HTTPStatus.NOT_FOUND, texts(asked.site.language, "data")["no_release"])
    return found


def _shown(asked: Asked, release: Published | None) -> Answer:
    files = release.files if release else {}
    answer = page(
        asked,
        "data",
        here="data",
        release=release,
        explorable=bool(release) and available() and not asked.site.static,
        tables=list(_tables(files)),
        others=sorted((file for name, file in files.items() if not _table(name)), key=_rank(asked.site)),
        releases=names(asked.site.releases),
        cited=cited(release.day) if release else "",
        format_version=FORMAT_VERSION,
        sources=sorted(
            (asked.site.sources[name] for name in asked.site.every),
            key=lambda source: (source.regulator, source.title),
        ),
        described=_described(asked.site, release) if release else "",
    )
    return Answer(answer.body, headers=BRIEF)


def _tables(files: Mapping[str, PublishedFile]) -> Iterator[Formats]:
    for table in FILES:
        own = tuple(file for name, file in files.items() if _table(name) == table.name)
        if own:
            yield Formats(table.name, SHORT[table.name], own)


def _rank(site: Site) -> Callable[[PublishedFile], int]:
    """Files about all tables come in the order in which the page's words explain them, unexplained ones last."""
    explained = [name for name in texts(site.language, "data") if name.startswith("about.")]
    places = {name.removeprefix("about."): place for place, name in enumerate(explained)}
    return lambda file: places.get(file.name, len(places))


def _table(file: str) -> str:
    """The table that a file holds; empty when it is about all of them."""
    name = file.partition(".")[0]
    return name if name in SHORT else ""


def _described(site: Site, release: Published) -> Markup:
    """The release as schema.org's Dataset, for a data block: nothing in it can end that block."""
    if METADATA not in release.files:
        return Markup("")
    told: dict[str, Any] = msgspec.json.decode((release.folder / METADATA).read_bytes())
    block = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": site.address(f"/data/{release.name}"),
        "url": site.address(f"/data/{release.name}"),
        **{name: told[name] for name in _TOLD if name in told},
        "isAccessibleForFree": True,
        "distribution": [_distribution(site, release, file) for file in told["distribution"]],
    }
    text = msgspec.json.encode(block).decode()
    return Markup("".join(_UNSAFE.get(mark, mark) for mark in text))  # noqa: S704 - what could be markup is escaped


def _distribution(site: Site, release: Published, file: Mapping[str, Any]) -> dict[str, Any]:
    there = site.address(f"/data/{release.name}/{file['name']}")
    return {"@type": "DataDownload", **{name: file[name] for name in _FILE if name in file}, "contentUrl": there}
