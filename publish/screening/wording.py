"""The fixed words of a report."""

from publish.screening.records import Cited, Coverage, Screening
from stemwatch.claims.records import Category, Claim, Grade
from stemwatch.views import NoticeView
from stemwatch.wording import PRODUCTS, ROUTES, day, plain

CATEGORIES: dict[Category, str] = {
    "disease": "treatment of a disease",
    "safety": "safety",
    "superiority": "comparison with other treatments",
    "testimonial": "story of a patient",
    "regulatory_status": "approval or registration",
    "research": "research and proof",
    "mechanism": "effect in the body",
    "product": "what the product is",
    "route": "how it is given",
    "offer": "price or urgency",
}
GRADES: dict[Grade, str] = {
    "asserts": "Said outright",
    "suggests": "Hinted at",
    "negates": "Denied",
    "quotes": "In the words of others",
    "warns": "Said as a warning",
}
SIGNS: dict[Grade, str] = {"asserts": "●", "suggests": "◐", "negates": "○", "quotes": "❞", "warns": "▲"}
"""What tells grades apart where colours do not."""

CAVEAT = (
    "This is a reading aid, not legal advice. It finds wordings of kinds that regulators have acted on; whether a "
    "statement is lawful depends on what is sold, where, and with what evidence. That nothing was found does not "
    "mean that a text is lawful."
)
NOTICE_CAVEAT = (
    "A notice tells what a regulator said on its date. The matter may have been resolved since; the regulator's "
    "own page is what counts."
)


def counted(screening: Screening) -> str:
    """3 claims in 2 statements: 1 said outright, 1 hinted at."""
    where = f"in {len(screening.text):,} characters"
    if not screening.findings:
        return f"No claims were found {where}."
    grades = ", ".join(f"{len(items):,} {GRADES[grade].lower()}" for grade, items in screening.graded())
    claims, statements = number(screening.claims, "claim"), number(len(screening.findings), "statement")
    return f"{claims} in {statements} were found {where}: {grades}."


def number(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def about(claim: Claim) -> str:
    """What a claim is about: treatment of a disease: Multiple Sclerosis; exosomes; into a vein."""
    category = CATEGORIES[claim.category] + (f": {plain(claim.disease)}" if claim.disease else "")
    product = PRODUCTS[claim.product] if claim.product else ""
    route = ROUTES[claim.route] if claim.route else ""
    return "; ".join(part for part in (category, product, route) if part)


def named(notice: NoticeView) -> str:
    """FDA warning letter to Harbor, LLC, 17 January 2025."""
    kind, dated = plain(notice.kind.replace("_", " ")), notice.issued_on or notice.posted_on
    title = f"to {plain(notice.title)}" if kind.endswith("letter") else quoted(notice.title)
    return f"{plain(notice.regulator)} {kind} {title}" + (f", {day(dated)}" if dated else "")


def since(notice: NoticeView) -> str:
    """What became of a notice since; empty when nothing is known."""
    if notice.closed_out_on:
        return f"closed out on {day(notice.closed_out_on)}"
    return f"not listed since {day(notice.absent_since)}" if notice.absent_since else ""


def looked_in(coverage: Coverage) -> str:
    """What precedents were looked for in."""
    if not coverage.notices:
        return (
            "No precedents were looked for: they need notices, and there are none. `stemwatch crawl` fetches them."
        )
    newest = f", the newest of {day(coverage.newest_on)}" if coverage.newest_on else ""
    looked = f"{number(coverage.notices, 'notice')} of {number(coverage.sources, 'source')}"
    return f"Precedents were looked for in {looked}{newest}."


def quoted(text: str) -> str:
    """Words of others on one line, in marks that differ from those within."""
    words = plain(text)
    return f"‘{words}’" if "“" in words else f"“{words}”"


def cited(precedent: Cited) -> str:
    """One line: whom, when, what was quoted, what became of it."""
    later = since(precedent.notice)
    return f"{named(precedent.notice)}: {quoted(precedent.quote)}" + (f" ({later})" if later else "")
