"""Speed of screening a marketing text of ten pages, start-up apart: python -m bench.screen_speed

From the bytes of a plain file to the claims and to the HTML report, beside the bare scan for the same phrases. It
ends with 1 when that takes over 200 ms or the process over 200 MB.
"""

import sys
from statistics import median

from bench.measure import in_child, timed
from publish.screening import Point, Screening, findings, html_report
from scheduler.documents import read_stranger
from stemwatch.claims import claims
from stemwatch.claims.lexicon import words
from stemwatch.folding import fold

PAGES, PAGE = 10, 3_000
MOST_MS, MOST_MB = 200.0, 200.0
TIMES = 15

SOLD = (
    "Our umbilical cord stem cells cure multiple sclerosis and reverse the signs of Parkinson’s disease.\n"
    "There are no side effects, and every patient is treated by vein in under an hour.\n\n"
    "Conditions we treat:\n• Autism\n• COPD\n• Arthritis of the knee\n\n"
    "“I walked again after a week,” says one of our patients. Only $5,000 until Friday!\n"
)
TOLD = (
    "The clinic lies by the harbour, ten minutes from the station, and has rooms for those who come from far. "
    "Breakfast is served from seven, and our nurses speak four languages. We do not treat cancer.\n\n"
)
TEXT = ((SOLD + 4 * TOLD) * 100)[: PAGES * PAGE]


def screened(text: str) -> tuple[int, int]:
    """How many claims there are, and how long the report is."""
    document = read_stranger(text.encode(), name="flyer.txt")
    found = claims(document.text)
    report = html_report(Screening(name="flyer.txt", text=document.text, findings=findings(map(Point, found))))
    return len(found), len(report)


def main() -> int:
    (count, length), peak = in_child(screened, TEXT)
    lexicon, folded = words(), fold(TEXT)
    found = claims(TEXT)
    screening = Screening(name="flyer.txt", text=TEXT, findings=findings(map(Point, found)))
    html_report(screening)
    steps = {
        "the bare scan for all phrases (floor)": [timed(lexicon.engine.scan, folded) for _ in range(TIMES)],
        "reading the bytes": [timed(read_stranger, TEXT.encode(), name="flyer.txt") for _ in range(TIMES)],
        "finding the claims": [timed(claims, TEXT) for _ in range(TIMES)],
        "writing the report": [timed(html_report, screening) for _ in range(TIMES)],
        "all of it": [timed(screened, TEXT) for _ in range(TIMES)],
    }
    floor = median(steps["the bare scan for all phrases (floor)"])
    print(f"{len(TEXT):,} characters, {count:,} claims, a report of {length:,} characters")
    for name, seconds in steps.items():
        print(f"  {name:40}{1000 * median(seconds):8.1f} ms {median(seconds) / floor:8.1f} x")
    print(f"  {'peak memory of a process that does it':40}{peak:8.0f} MB")
    met = 1000 * median(steps["all of it"]) <= MOST_MS and peak <= MOST_MB
    print(f"{'met' if met else 'MISSED'}: at most {MOST_MS:.0f} ms and {MOST_MB:.0f} MB")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
