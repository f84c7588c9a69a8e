"""What the tests of the documents read in them: code blocks, headings, links. Standard library alone."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))
"""The pages of the manual."""
DOCUMENTS = [*PAGES, *(ROOT / f"{name}.md" for name in ("README", "CHANGELOG", "CONTRIBUTING", "DATA_FORMAT"))]

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(path: Path, language: str) -> list[str]:
    """The contents of the page's fenced blocks of one language."""
    return [text for named, text in _BLOCK.findall(read(path)) if named == language]


def prose(path: Path) -> str:
    """The page without its code."""
    return re.sub(r"`[^`\n]*`", "", _BLOCK.sub("", read(path)))


def links(path: Path) -> list[str]:
    return _LINK.findall(prose(path))


def anchors(path: Path) -> set[str]:
    """What links may end with: headings as GitHub and MkDocs make anchors of them."""
    made: set[str] = set()
    for heading in _HEADING.findall(_BLOCK.sub("", read(path))):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        made.add(re.sub(r"[ -]+", "-", re.sub(r"[^\w\s-]", "", text)).strip("-"))
    return made


class Command(NamedTuple):
    """One command of the manual; `shown` are the lines of its output that the page prints below it."""

    typed: str
    shown: tuple[str, ...]


def commands(path: Path) -> list[Command]:
    """The commands of the page's console blocks, in their order."""
    found = []
    for block in blocks(path, "console"):
        before, *typed = re.split(r"^\$ ", block, flags=re.MULTILINE)
        assert not before, f"{path.name}: a console block begins with a command"
        for one in typed:
            line, *shown = one.splitlines()
            found.append(Command(line, tuple(filter(str.strip, shown))))
    return found
