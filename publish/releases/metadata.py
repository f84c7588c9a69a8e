"""What a release says of itself to programs: Frictionless Data Package, Croissant, schema.org and DCAT."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from publish.releases.cells import MARK_ABOUT
from publish.releases.citation import CITED, NAME, TITLE, cited
from publish.releases.columns import FORMAT_VERSION, Column, Kind, Table
from publish.releases.tables import FILES
from stemwatch import PROJECT_URL
from stemwatch.dataset import SourceRow

Json = dict[str, Any]
MEDIA = {
    ".csv": "text/csv",
    ".jsonl": "application/jsonl",
    ".parquet": "application/vnd.apache.parquet",
    ".db": "application/vnd.sqlite3",
}
ABOUT = (
    "What regulators published about unapproved stem cell, exosome and birth-tissue treatments, with every other "
    "notice of the same lists, and what happened to each notice since Stemwatch began to watch. A notice says "
    f"what a regulator held when it was issued; the matter may have been resolved since. {MARK_ABOUT}"
)
KEYWORDS = ("stem cells", "exosomes", "regenerative medicine", "regulators", "warning letters", "enforcement")
# https://specs.frictionlessdata.io/table-schema/
_FRICTIONLESS: dict[Kind, Json] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]},
    "date": {"type": "date"},
    "time": {"type": "datetime"},
    "json": {"type": "any"},
}
# https://docs.mlcommons.org/croissant/docs/croissant-spec.html
_CROISSANT: dict[Kind, str] = {
    "text": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "time": "sc:DateTime",
    "json": "sc:Text",
}
_CROISSANT_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


class File(NamedTuple):
    """One data file of the release."""

    name: str
    media: str
    size: int
    sha256: str


def write_metadata(folder: Path, digests: Mapping[str, str], sources: Sequence[SourceRow], day: date) -> None:
    """Writes `datapackage.json`, `croissant.json` and `dataset.jsonld` about the files that `digests` names."""
    files = [
        File(name, MEDIA[Path(name).suffix], (folder / name).stat().st_size, digest)
        for name, digest in digests.items()
    ]
    for name, content in (
        ("datapackage.json", data_package(files, sources, day)),
        ("croissant.json", croissant(files, sources, day)),
        ("dataset.jsonld", linked(files, sources, day)),
    ):
        (folder / name).write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")


def data_package(files: Sequence[File], sources: Sequence[SourceRow], day: date) -> Json:
    """Frictionless Data Package 1: the CSV files with their columns, keys and references."""
    found = {file.name: file for file in files}
    return {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": TITLE,
        "description": ABOUT,
        "homepage": PROJECT_URL,
        "version": version(day),
        "created": f"{day}T00:00:00Z",
        "keywords": KEYWORDS,
        "contributors": [{"title": CITED, "path": PROJECT_URL, "role": "publisher"}],
        "sources": [
            {"title": f"{source.regulator}: {source.title}", "path": source.url, "licence": source.licence}
            for source in sources
        ],
        "resources": [_resource(table, found[f"{table.name}.csv"]) for table in FILES],
    }


def _resource(table: Table, file: File) -> Json:
    references = [
        {"fields": [column], "reference": {"resource": "" if other == table.name else other, "fields": [key]}}
        for column, other in table.references.items()
        for key in _table(other).key
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "description": table.about,
        "path": file.name,
        "format": "csv",
        "mediatype": file.media,
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "schema": {
            "fields": [
                {"name": column.name, "description": column.about, **_FRICTIONLESS[column.kind]}
                for column in table.columns
            ],
            "primaryKey": table.key,
            **({"foreignKeys": references} if references else {}),
        },
    }


def _table(name: str) -> Table:
    return next(table for table in FILES if table.name == name)


def croissant(files: Sequence[File], sources: Sequence[SourceRow], day: date) -> Json:
    """Croissant 1.0: every file, and a record set over each CSV file."""
    return {
        "@context": _CROISSANT_CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": NAME,
        "description": ABOUT,
        "url": PROJECT_URL,
        "version": version(day),
        "datePublished": f"{day}",
        "citeAs": cited(day),
        "creator": _publisher(),
        "keywords": KEYWORDS,
        "license": list(_licences(sources)),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": file.name,
                "name": file.name,
                "contentUrl": file.name,
                "contentSize": f"{file.size} B",
                "encodingFormat": file.media,
                "sha256": file.sha256,
            }
            for file in files
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": table.name,
                "name": table.name,
                "description": table.about,
                "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
                "field": [_field(table, column) for column in table.columns],
            }
            for table in FILES
        ],
    }


def _field(table: Table, column: Column) -> Json:
    source = {"fileObject": {"@id": f"{table.name}.csv"}, "extract": {"column": column.name}}
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.about,
        "dataType": _CROISSANT[column.kind],
        "source": source,
    }


def linked(files: Sequence[File], sources: Sequence[SourceRow], day: date) -> Json:
    """The release as a dataset of schema.org, for search engines, and of DCAT, for data portals."""
    return {
        "@context": {
            "@vocab": "https://schema.org/",
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
        },
        "@type": ["Dataset", "dcat:Dataset"],
        "name": TITLE,
        "dct:title": TITLE,
        "description": ABOUT,
        "dct:description": ABOUT,
        "url": PROJECT_URL,
        "dcat:landingPage": {"@id": PROJECT_URL},
        "version": version(day),
        "dcat:version": version(day),
        "datePublished": f"{day}",
        "dct:issued": f"{day}",
        "keywords": KEYWORDS,
        "dcat:keyword": KEYWORDS,
        "creator": _publisher(),
        "dct:publisher": _publisher(),
        "citation": cited(day),
        "license": list(_licences(sources)),
        "spatialCoverage": sorted({source.jurisdiction for source in sources if source.jurisdiction}),
        "isBasedOn": [_based_on(source) for source in sources],
        "distribution": [_distribution(file) for file in files],
    }


def _based_on(source: SourceRow) -> Json:
    return {
        "@type": "CreativeWork",
        "name": source.title,
        "url": source.url,
        "publisher": {"@type": "Organization", "name": source.regulator},
        "license": source.licence,
    }


def _distribution(file: File) -> Json:
    return {
        "@type": ["DataDownload", "dcat:Distribution"],
        "name": file.name,
        "contentUrl": file.name,
        "dcat:downloadURL": {"@id": file.name},
        "encodingFormat": file.media,
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{file.media}"},
        "contentSize": f"{file.size} B",
        "dcat:byteSize": file.size,
        "sha256": file.sha256,
    }


def _publisher() -> Json:
    return {"@type": "Organization", "name": CITED, "url": PROJECT_URL}


def _licences(sources: Sequence[SourceRow]) -> Iterator[str]:
    """Each list has its regulator's terms; `sources.licence` says which."""
    yield from sorted({source.licence for source in sources if source.licence})


def version(day: date) -> str:
    """The format version, and the day as the part that grows with each release: MAJOR.MINOR.PATCH."""
    return f"{FORMAT_VERSION}.{day:%Y%m%d}.0"
