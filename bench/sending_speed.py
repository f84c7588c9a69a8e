"""How fast messages get their forms: python -m bench.sending_speed

A weekly digest of 2,000 items as a mail and as Slack's posts: first alone, then the same content for 10,000
subscribers with links of their own. "weighed" is what it costs to see that a content is one that is there already.
It ends with 1 when the first takes over 2 s, or each of the others over a hundredth of that.
"""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from typing import Any

from bench.measure import tell
from notify.content import Coverage
from notify.frame import Frame
from notify.item import Mention
from notify.message import Message, digest
from stemwatch.relevance import Reason, Relevance
from stemwatch.views import ChangeView, NoticeView, SourceView
from stemwatch.words import STAGES

ITEMS, SUBSCRIBERS, SOURCES = 2_000, 10_000, 100
MOST_S, SHARE = 2.0, 0.01
END = datetime(2025, 2, 3, 8, tzinfo=UTC)
REASONS = tuple(
    Reason(phrase=f"phrase {number}", field="text", why=f"speaks of product {number}") for number in range(8)
)
RELEVANT = Relevance(label="relevant", score=0.9, reasons=REASONS, products=("exosome", "cord_blood"))
FOLDER = "https://www.fda.gov/inspections-compliance-enforcement-and-criminal-investigations/warning-letters/"


def mention(number: int) -> Mention:
    return Mention(notice=notice(number), changes=(change(number),), why=("It is new and counts as relevant.",))


def common(number: int) -> dict[str, Any]:
    """What a notice and its change both say."""
    key = f"harbor-regenerative-{number}"
    return {
        "notice": f"us_fda_warning_letters/{key}",
        "source": "us_fda_warning_letters",
        "url": FOLDER + key,
        "title": f"Harbor Regenerative {number}, LLC",
        "posted_on": date(2025, 1, 1) + timedelta(days=number % 30),
        "issued_on": date(2024, 12, 1),
        "relevance": RELEVANT,
        "clinics": (f"Harbor Regenerative {number % 700}, LLC",),
    }


def notice(number: int) -> NoticeView:
    return NoticeView(
        **common(number),
        key=f"harbor-regenerative-{number}",
        kind="warning letter",
        regulator="FDA",
        jurisdiction="us",
        language="en",
        stage=STAGES[number % len(STAGES)],
        status="listed",
        absent_since=None,
        reissued_as=None,
        case_number=str(600_000 + number),
        closed_out_on=None,
        closed_out_url="",
        responded_on=None,
        responded_url="",
        products=RELEVANT.products,
        fields={"office": "Center for Biologics Evaluation and Research", "subject": "CGMP/Deviations"},
        first_seen_at=END,
        page_read_at=END,
        event=None,
    )


def change(number: int) -> ChangeView:
    return ChangeView(
        **common(number),
        change=number + 1,
        verb="added",
        cause="source",
        detected_at=END,
        reasons=REASONS,
        edited=(),
        related=None,
        late=False,
    )


def coverage() -> Coverage:
    source = SourceView(
        source="us_fda_warning_letters",
        title="Warning letters",
        regulator="FDA",
        jurisdiction="us",
        language="en",
        list="complete",
        verdict="ok",
        verdict_since=None,
        reason="",
        last_ok_at=END,
        newest_on=date(2025, 1, 30),
        notices=3_000,
        due_at=None,
    )
    return (source,) * SOURCES


def frame(subscriber: int) -> Frame:
    own = f"https://watch.example/leave/{subscriber}"
    return Frame(subscription=f"subscriber {subscriber}", unsubscribe=own, site="https://watch.example")


def weekly(mentions: list[Mention]) -> Message:
    return digest(mentions, frame(0), END - timedelta(days=7), END, coverage(), weekly=True)


def as_mail(message: Message) -> int:
    return len(message.html) + len(message.mail_text)


def as_posts(message: Message) -> int:
    return len(message.posts)


def seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def measured(form: Callable[[Message], int], mentions: list[Mention]) -> tuple[float, float, float]:
    """Seconds: the first message, each of the others, and seeing that a content is known."""
    first = seconds(lambda: form(weekly(mentions)))
    content = weekly(mentions).content
    others = seconds(lambda: [form(Message(content, frame(number))) for number in range(SUBSCRIBERS)])
    return first, others / SUBSCRIBERS, seconds(lambda: weekly(mentions))


def main() -> int:
    as_mail(weekly([mention(0)]))  # templates and words are read once per process
    mentions = [mention(number) for number in range(ITEMS)]
    tell(f"A weekly digest of {ITEMS:,} items, then for {SUBSCRIBERS:,} subscribers")
    print(f"{'':8}{'first':>10}{'each more':>14}{'weighed':>12}")
    met = True
    # Two contents: else what both forms begin with would be there already for the second.
    for name, form, told in (("mail", as_mail, mentions), ("Slack", as_posts, mentions[1:])):
        first, each, weighed = measured(form, told)
        print(f"{name:8}{1000 * first:7.0f} ms{1000 * each:11.3f} ms{1000 * weighed:9.1f} ms")
        met = met and first <= MOST_S and each <= SHARE * first
    print(f"{'met' if met else 'MISSED'}: at most {MOST_S:g} s, and a hundredth of the first for each one more")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
