"""A thousand changes held against 100, 1,000 and 10,000 rules, beside a loop over every rule:
python -m bench.rules_speed

Changes are as long as FDA's letters. Of ten rules five watch a clinic by name, three a search, one a prefix within
a product, one a source and a stage. The loop is timed on a few changes and scaled up. Times are those of the
processor. It ends with 1 when 10,000 rules take 10 s or more, or more for each match than 100 rules do.
"""

import sys
from random import Random
from time import process_time

from bench.measure import tell
from stemwatch.rules import Rule, RuleSet, Subject
from stemwatch.rules.evaluating import prepared
from stemwatch.rules.language import Condition
from stemwatch.rules.reading import Reading
from stemwatch.words import PRODUCTS, STAGES

CHANGES, WORDS_EACH, RULES, SAMPLE = 1_000, 2_500, (100, 1_000, 10_000), 5
MOST_SECONDS = 10.0
SOURCES = [f"xx_agency_{number}" for number in range(100)]
SYLLABLES = "bio stem cel gen vi ta med re ju ve na har bor lu mi ra cli tex nova sol ar den ki me ro".split()


def name(random: Random) -> str:
    first, second = ("".join(random.choices(SYLLABLES, k=random.randint(2, 4))).title() for _ in "ab")
    return f"{first} {second} {random.choice(['Clinic', 'Labs, Inc.', 'Institute', 'Biologics LLC'])}"


def misspelt(random: Random, text: str) -> str:
    place = random.randrange(1, len(text))
    return text[:place] + random.choice("aeiou") + text[place:]


class Made:
    """Words as they are spread in any language, clinics, rules and changes: the same at each run."""

    def __init__(self) -> None:
        self.random = random = Random(1)
        self.words = [
            "".join(random.choices("abcdefghilmnoprstuv", k=random.randint(3, 11))) for _ in range(30_000)
        ]
        self.clinics = [name(random) for _ in range(5_000)]

    def word(self, least: int = 0) -> str:
        place = int(self.random.paretovariate(0.5)) + least
        return self.words[place % len(self.words)]

    def rule(self, number: int) -> Rule:
        random = self.random
        match number % 10:
            case 0 | 1 | 2 | 3 | 4:
                return Rule(clinics=(random.choice(self.clinics),))
            case 5 | 6:
                return Rule(query=f'{self.word(2_000)} OR "{self.word()} {self.word(2_000)}"')
            case 7:
                return Rule(query=f"{self.word(500)} {self.word(500)} -{self.word(500)}")
            case 8:
                return Rule(products=(random.choice(PRODUCTS),), any=(Condition(query=self.word(500) + "*"),))
            case _:
                return Rule(sources=(random.choice(SOURCES),), stages=(random.choice(STAGES),))

    def change(self, number: int) -> Subject:
        random = self.random
        clinic = random.choice(self.clinics)
        body = [self.word() for _ in range(WORDS_EACH)]
        body.insert(random.randrange(WORDS_EACH), misspelt(random, clinic))
        return Subject(
            change=number,
            verb="added",
            cause="source",
            source=random.choice(SOURCES),
            jurisdiction="US",
            regulator="FDA",
            kind="warning_letter",
            stage=random.choice(STAGES),
            relevance="relevant",
            products=(random.choice(PRODUCTS),),
            texts={"title": clinic, "body": " ".join(body)},
        )


def looped(rules: dict[str, Rule], changes: list[Subject]) -> float:
    """Seconds of a loop over every rule, scaled up from a sample of the changes."""
    tables = [prepared(rule) for rule in rules.values()]
    start = process_time()
    for subject in changes[:SAMPLE]:
        reading = Reading(subject)
        for table in tables:
            table.met(reading)
    return (process_time() - start) * len(changes) / SAMPLE


def indexed(rules: dict[str, Rule], changes: list[Subject]) -> tuple[float, int]:
    """Seconds, the making of the index included, and how many matches."""
    start = process_time()
    matches = sum(1 for _ in RuleSet(rules).matches(changes))
    return process_time() - start, matches


def main() -> int:
    tell(f"Making {CHANGES:,} changes")
    made = Made()
    changes = [made.change(number) for number in range(CHANGES)]
    every = {str(number): made.rule(number) for number in range(max(RULES))}
    print(f"{'rules':>8}{'matches':>10}{'indexed':>11}{'a loop':>11}{'for a match':>14}")
    each = []
    for count in RULES:
        rules = dict(list(every.items())[:count])
        seconds, matches = indexed(rules, changes)
        each.append(seconds / matches)
        print(f"{count:8,}{matches:10,}{seconds:9.2f} s{looped(rules, changes):9.1f} s{1e6 * each[-1]:11,.0f} µs")
    met = seconds < MOST_SECONDS and each[-1] <= each[0]
    print(f"{'met' if met else 'MISSED'}: {max(RULES):,} rules in under {MOST_SECONDS:g} s, growing with matches")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
