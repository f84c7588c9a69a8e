"""Speed of reading the claims of ten pages: python -m bench.claims_speed

The floor is the engine's bare scan for the same phrases in the same run. It ends with 1 when ten pages take over
100 ms or over 150 times the bare scan.
"""

import sys
from functools import partial

from bench.relevance_speed import micros
from stemwatch.claims import claims
from stemwatch.claims.lexicon import words
from stemwatch.folding import fold

SIZE = 30_000
MOST_MS, MOST_TIMES = 100.0, 150.0

ADVERTISEMENT = """\
Umbilical cord stem cells for multiple sclerosis

Our cells are given by IV drip and home to damaged tissue. There is no danger whatsoever.
"I can walk again," says Marta, 43, who no longer needs her cane.

We treat:
- lupus
- COPD
- Parkinson's disease

The cells come from an FDA-registered laboratory. A course costs $14,900; places are limited.

"""
LEAFLET = """\
No stem cell treatment has been approved for multiple sclerosis, and some clinics advertise cures. There is no
evidence that they work. Risks include infections.

The society was founded by patients in a small town, and its rooms are open on weekdays. Volunteers answer the
telephone and send out the newsletter every quarter.

"""


def main() -> int:
    engine, met = words().engine, True
    print(f"Claims of {SIZE} characters, {len(engine.heads)} phrases")
    for name, page in (("advertisement", ADVERTISEMENT), ("leaflet", LEAFLET)):
        text = (page * SIZE)[:SIZE]
        folded = fold(text)
        bare, spent = micros(partial(engine.scan, folded)), micros(partial(claims, text))
        print(
            f"  {name:16}{len(claims(text)):6} claims {spent / 1000:8.1f} ms {spent / bare:6.1f} x the bare scan"
        )
        met = met and spent / 1000 <= MOST_MS and spent / bare <= MOST_TIMES
    print(f"{'met' if met else 'MISSED'}: at most {MOST_MS:.0f} ms and {MOST_TIMES:.0f} times the bare scan")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
