"""The sources of this installation: every module of this folder that holds a spider."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import spiders
from spiders.common.spider import NoticeSpider
from stemwatch.records import Source

_NOT_SOURCES = ("registry", "worker")


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
