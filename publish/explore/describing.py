"""What Datasette shows beside a release: the words of the release's own data package. Pure."""

from collections.abc import Mapping
from html import escape
from typing import Any

DATABASE = "stemwatch"
TERMS = "each regulator's own terms"
CAVEAT = "what was looked at, and what a notice does not say"


def described(package: Mapping[str, Any], release: str, data: str) -> dict[str, Any]:
    """The metadata for Datasette (https://docs.datasette.io/en/stable/metadata.html).

    `package` is the release's `datapackage.json`, `release` its name, `data` the address of the site's data page.
    """
    about = f"{data}/{release}/README.txt"
    return {
        "title": package["title"],
        "description_html": f'<p>{escape(package["description"])} <a href="{escape(about)}">See {CAVEAT}</a>.</p>',
        "source": f"release {release}",
        "source_url": f"{data}/{release}",
        "license": TERMS,
        "license_url": f"{data}#terms",
        "about": CAVEAT,
        "about_url": about,
        "databases": {DATABASE: {"tables": {table["name"]: _table(table) for table in package["resources"]}}},
    }


def _table(resource: Mapping[str, Any]) -> dict[str, Any]:
    fields = resource["schema"]["fields"]
    return {
        "description": _plain(resource["description"]),
        "columns": {field["name"]: _plain(field["description"]) for field in fields},
    }


def _plain(markdown: str) -> str:
    """Datasette shows descriptions as they are written: names of columns stand there without their marks."""
    return markdown.replace("`", "")
