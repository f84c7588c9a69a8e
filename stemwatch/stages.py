"""How far a matter has come: read from the wording of a notice, first its title, then its lead, then the rest.

Within one part the most advanced stage counts, so a sentence outweighs the indictment it tells of. What is only
asked for, threatened or scheduled ("seeks an injunction", "faces up to 20 years") is `neutral` in the lexicon and
hides the words of a decision within it.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

import msgspec

from stemwatch import lexicon_files
from stemwatch.engine import Engine
from stemwatch.errors import UsageError
from stemwatch.folding import fold
from stemwatch.lexicon_files import Item, Line, Lines
from stemwatch.words import STAGES, Stage

# Grows whenever the same phrases come to be read in another way.
REVISION = 1
LEAD = 600
"""Characters of a text in which a press release says what happened; what follows tells the history."""


class Wording(Item, frozen=True, kw_only=True):
    """Phrases that say how far a matter has come."""

    stage: Stage
    phrases: Lines


class Neutral(Item, frozen=True, kw_only=True):
    """Phrases that only sound like it."""

    phrases: Lines


class Kind(Item, frozen=True, kw_only=True):
    """What the kind of a notice says where its words do not; `always`: whatever its words say."""

    stage: Stage
    kinds: tuple[Line, ...]
    always: bool = False


TABLES: dict[str, type[Item]] = {"wording": Wording, "neutral": Neutral, "kind": Kind}


class Stages(msgspec.Struct, frozen=True, kw_only=True):
    """The lexicon of stages, ready for use."""

    engine: Engine
    said: tuple[Stage | None, ...]
    kinds: Mapping[str, Kind]
    digest: str

    def in_text(self, text: str) -> Stage | None:
        """The most advanced stage that a text speaks of."""
        places = self.engine.places(fold(text), self.engine.heads)
        return max(filter(None, (self.said[number] for _, _, number in places)), key=STAGES.index, default=None)


def stage(fields: Mapping[str, str], kind: str, stages: "Stages | None" = None) -> Stage | Literal[""]:
    """The stage of a notice of this kind by its title and text; empty when neither says."""
    stages = stages or lexicon()
    known = stages.kinds.get(kind)
    if known and known.always:
        return known.stage
    text = fields.get("text", "")
    for part in (fields.get("title", ""), text[:LEAD], text[LEAD:]):
        if part and (found := stages.in_text(part)):
            return found
    return known.stage if known else ""


def digest() -> str:
    """Short hash of everything a stage depends on."""
    return f"{REVISION}-{lexicon().digest}"


@cache
def lexicon() -> Stages:
    """The project's own, read once per process."""
    return load(files("stemwatch") / "lexicon" / "stages")


def load(folder: Traversable) -> Stages:
    """All `*.toml` of a folder; what is not understood, or means two stages, is an error naming file and entry."""
    read = lexicon_files.read(folder, TABLES, shown="lexicon/stages")
    said: dict[str, Stage | None] = {}
    kinds: dict[str, Kind] = {}
    for entry in read.entries:
        if isinstance(entry.item, Kind):
            kinds.update(dict.fromkeys(entry.item.kinds, entry.item))
            continue
        found = entry.item.stage if isinstance(entry.item, Wording) else None
        for raw in entry.item.phrases:
            phrase = lexicon_files.written(raw, entry.where)
            if said.setdefault(phrase, found) != found:
                raise UsageError(f"{entry.where}: {raw!r} means another stage in another entry")
    phrases = sorted(said, key=lambda phrase: (-len(phrase), phrase))
    return Stages(
        engine=Engine(phrases), said=tuple(map(said.__getitem__, phrases)), kinds=kinds, digest=read.digest
    )
