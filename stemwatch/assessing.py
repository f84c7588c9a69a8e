"""Everything that is read from the words of one notice: relevance, stage, and the claims that it quotes. Pure."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from stemwatch import stages
from stemwatch.claims.finding import claims
from stemwatch.claims.lexicon import claims_digest
from stemwatch.claims.records import Claim
from stemwatch.decisions import DecidedLabel, decided
from stemwatch.relevance import Relevance, judge, lexicon_digest
from stemwatch.words import Stage


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What one notice says. `fields` are those of list and page, with its title and text.

    `decision` is a person's label, which wins over the lexicon, `why` the person's reason.
    """

    fields: Mapping[str, str]
    kind: str
    decision: DecidedLabel | None = None
    why: str = ""


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """What was read. `quoted` are the claims of others that the text gives; an unrelated notice gives none."""

    relevance: Relevance
    stage: Stage | Literal[""]
    quoted: tuple[Claim, ...] = ()


def assess(document: Document) -> Assessment:
    """Reads one notice."""
    relevance = judge(document.fields)
    if document.decision:
        relevance = decided(relevance, document.decision, document.why)
    text = document.fields.get("text", "") if relevance.label != "unrelated" else ""
    return Assessment(
        relevance=relevance,
        stage=stages.stage(document.fields, document.kind),
        quoted=tuple(claim for claim in claims(text) if claim.grade == "quotes") if text else (),
    )


def assess_all(documents: list[Document]) -> list[Assessment]:
    return [assess(document) for document in documents]


def assessing_digest() -> str:
    """Short hash of everything an assessment depends on: those made under another one are stale."""
    return f"{lexicon_digest()}/{claims_digest()}/{stages.digest()}"
