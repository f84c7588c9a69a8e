"""What a file of the claims lexicon may hold. How phrases are written is told in `stemwatch.engine`."""

from typing import Annotated, Literal

import msgspec

from stemwatch.claims.records import Category, Grade
from stemwatch.lexicon_files import Item, Lines

Role = Literal["own", "given", "patient", "outcome", "share", "other", "ailment", "pronoun", "means"]
"""What a part is in a sentence: `own` the seller speaks of himself; `given` something is given to people, holds
something or comes from it; `patient` somebody who was treated; `outcome` how he fares; `share` how many do;
`other` a treatment that is none of ours; `ailment` a disease that is not named (`your symptoms`); `pronoun` stands
for something that was; `means` the treatment, named in passing."""

Reach = Literal["on", "near", "back", "clause", "sentence", "text"]
"""What a cue governs: what follows it in its clause (`near`: up to a comma), what precedes it there, the clause,
the sentence; `text` only adds to what is held of the whole text."""


class Entry(Item, frozen=True, kw_only=True, eq=False):
    """Phrases with one meaning. No two entries are the same, whatever they say."""

    phrases: Lines


class Disease(Entry, frozen=True, kw_only=True, eq=False):
    """Words for one disease. `term` is the heading it has in MeSH, or one in its manner.

    `group` stands once for each term, whatever the number of languages. `capitals` are abbreviations that count
    only where they are printed in capitals.
    """

    term: Annotated[str, msgspec.Meta(min_length=2, max_length=60)]
    group: str = ""
    phrases: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()


class Statement(Entry, frozen=True, kw_only=True, eq=False):
    """A claim of `category` wherever it stands; of the category `disease`, only beside a disease."""

    category: Category
    grade: Literal["asserts", "suggests"] = "asserts"


class Cue(Entry, frozen=True, kw_only=True, eq=False):
    """Says how what it governs is meant, but for claims of a category in `spares`. With a `category` it is a claim
    as well."""

    grade: Literal["suggests", "negates", "quotes", "warns"]
    reach: Reach = "on"
    category: Category | Literal[""] = ""
    spares: tuple[Category, ...] = ()


class Part(Entry, frozen=True, kw_only=True, eq=False):
    """Words that make a claim only together with others."""

    role: Role


class Break(Entry, frozen=True, kw_only=True, eq=False):
    """A clause begins here: anywhere, only after a comma, or one that lasts until the next comma."""

    where: Literal["anywhere", "after_comma", "until_comma"] = "anywhere"


class Neutral(Entry, frozen=True, kw_only=True, eq=False):
    """Says nothing, and hides shorter phrases that would."""


TABLES: dict[str, type[Item]] = {
    "disease": Disease,
    "claim": Statement,
    "cue": Cue,
    "part": Part,
    "break": Break,
    "neutral": Neutral,
}
LAYERS = 5


def layers(entry: Entry) -> tuple[int, ...]:
    """Where an entry's phrases hide others: claims and cues, verbs that need a disease, parts, breaks, frames."""
    match entry:
        case Neutral():
            return tuple(range(LAYERS))
        case Part():
            return (2,)
        case Break():
            return (3,)
        case Statement(category="disease"):
            return (1,)
        case Cue(reach="text"):
            return (4,)
    return (0,)


STRENGTH: tuple[Grade, ...] = ("asserts", "suggests", "negates", "warns", "quotes")
"""Of two grades that govern the same words the later one holds."""
