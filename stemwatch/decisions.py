"""What people decide about relevance wins over the lexicon. Pure."""

from datetime import datetime
from typing import Literal, get_args

import msgspec

from stemwatch.relevance import Reason, Relevance

DecidedLabel = Literal["relevant", "unrelated"]
DECIDED_LABELS: tuple[DecidedLabel, ...] = get_args(DecidedLabel)


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One person's judgement of one notice, `<source>/<key>`, and why."""

    notice: str
    label: DecidedLabel
    why: str
    decided_at: datetime


def decided(machine: Relevance, label: DecidedLabel, why: str) -> Relevance:
    """The machine's judgement under a decision: its reasons stay behind the person's."""
    person = Reason(phrase="", field="decision", why=why)
    return msgspec.structs.replace(
        machine,
        label=label,
        score=1.0 if label == "relevant" else 0.0,
        reasons=(person, *machine.reasons),
        products=machine.products if label == "relevant" else (),
        routes=machine.routes if label == "relevant" else (),
    )
