"""The fixed words of messages."""

from datetime import datetime, tzinfo

from stemwatch.wording import PRODUCTS as PRODUCTS
from stemwatch.wording import day as day
from stemwatch.wording import plain as plain
from stemwatch.wording import web as web
from stemwatch.words import Cause, Label, Verb, Verdict

# What is told first when one notice had several changes.
LEAD: tuple[Verb, ...] = (
    "added", "reissued", "relisted", "delisted", "closed_out", "responded", "edited", "baseline"
)  # fmt: skip
SECTIONS: dict[str, tuple[Verb, ...]] = {
    "New": ("added",),
    "Changed": ("reissued", "relisted", "delisted", "responded", "edited"),
    "Closed out": ("closed_out",),
    "Already listed when watching began": ("baseline",),
}
COUNTED: dict[Verb, str] = {
    "added": "new",
    "closed_out": "closed out",
    "responded": "with a response",
    "reissued": "reissued",
    "delisted": "no longer listed",
    "relisted": "listed again",
    "edited": "edited",
    "baseline": "already listed",
}
LABELS: dict[Label, str] = {
    "relevant": "Relevant to stem cell, exosome or birth-tissue treatments",
    "possible": "Possibly about stem cell, exosome or birth-tissue treatments",
    "unrelated": "Not recognised as being about stem cell, exosome or birth-tissue treatments",
}
CAUSES: dict[Cause, str] = {
    "source": "",
    "parser": "We now read this page differently; the regulator may have changed nothing",
    "backfill": "Found while looking further back; it may not be new",
    "rekey": "The regulator's identifier of this notice moved",
}
VERDICTS: dict[Verdict | None, str] = {
    "ok": "read whole",
    "partial": "read only in part",
    "empty": "showed nothing, which is not believed",
    "blocked": "refused our visit",
    "layout_changed": "changed its layout, so it could not be read",
    "unreachable": "could not be reached",
    "crashed": "not read: our reader failed",
    None: "not checked yet",
}
FIELDS = {"posted_on": "posted date", "issued_on": "issue date", "case_number": "case number"}


def moment(value: datetime, zone: tzinfo) -> str:
    local = value.astimezone(zone)
    return f"{day(local.date())}, {local:%H:%M}"
