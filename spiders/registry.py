"""The sources of this installation: every module of this folder that holds a spider.

`python -m spiders.registry README.md` writes their table into a document, between two markers.
"""

import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import spiders
from spiders.common.spider import NoticeSpider
from stemwatch.records import Source

_NOT_SOURCES = ("registry", "worker")
BEGIN, END = "<!-- sources: printed by make docs -->\n", "<!-- end of sources -->\n"


@cache
def spider_classes() -> dict[str, type[NoticeSpider]]:
    """Every spider by its source's name, which is its file's name."""
    found = {}
    for module in iter_modules(spiders.__path__):
        if module.ispkg or module.name in _NOT_SOURCES:
            continue
        members = vars(import_module(f"spiders.{module.name}")).values()
        for member in members:
            if isinstance(member, type) and issubclass(member, NoticeSpider) and "source" in vars(member):
                found[member.source.name] = member
    return found


def sources() -> dict[str, Source]:
    return {name: spider.source for name, spider in spider_classes().items()}


def table() -> str:
    """The sources as a Markdown table, sorted by name; * marks those that were never tried."""
    head = "| source | regulator | what | language | list |\n|---|---|---|---|---|\n"
    return head + "".join(_row(source) for _, source in sorted(sources().items()))


def _row(source: Source) -> str:
    where = f"{source.regulator} ({source.jurisdiction})"
    name = f"`{source.name}`" + ("" if source.tried else " *")
    return f"| {name} | {where} | [{source.title}]({source.url}) | {source.language} | {source.list} |\n"


def with_table(document: str) -> str:
    """`document` with the table of today between the markers. ValueError when it has none."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"the document has no lines {BEGIN.strip()} and {END.strip()}")
    return before + begin + table() + end + after


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        path.write_text(with_table(path.read_text(encoding="utf-8")), encoding="utf-8")
