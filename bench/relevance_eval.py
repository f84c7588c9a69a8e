"""Measures relevance on labelled notices: python -m bench.relevance_eval [REPLICA_DIR]

Labels and data come from the stand-in for the regulators' sites beside the checkout. Ends with 1 when a threshold
is missed, with 0 and a note when there is no stand-in.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from zlib import crc32

from bench import calibration
from bench.relevance_data import REPLICA, Item, letters, others, translated
from stemwatch.folding import fold
from stemwatch.phrases import FIELDS, Lexicon, lexicon
from stemwatch.relevance import Relevance, judge, lexicon_digest, log_odds
from stemwatch.words import LABELS

RECALL, PRECISION, HEADER_RECALL, PRODUCTS_F1 = 0.99, 0.97, 0.95, 0.9
FOLDS = 5
OTHER = frozenset({"other"})

Judged = list[tuple[Item, Relevance]]


def judged(items: Iterable[Item], view: Callable[[Item], dict[str, str]], words: Lexicon | None = None) -> Judged:
    return [(item, judge(view(item), words)) for item in items]


def known(item: Item) -> dict[str, str]:
    return item.fields


def header(item: Item) -> dict[str, str]:
    return item.header


def with_text(results: Judged) -> Judged:
    return [(item, result) for item, result in results if item.held]


def share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def recall(results: Judged, labels: Iterable[str] = ("relevant",)) -> float:
    wanted = [result.label in labels for item, result in results if item.label == "yes"]
    return share(sum(wanted), len(wanted))


def precision(results: Judged) -> float:
    """Of what is called relevant, how much is; borderline notices count on neither side, unlabelled ones as no."""
    alarms = Counter(item.label for item, result in results if result.label == "relevant")
    return share(alarms["yes"], alarms["yes"] + alarms["no"] + alarms[""])


def table(results: Judged) -> None:
    counts: Counter[tuple[str, str]] = Counter(
        (item.label or "unlabelled", result.label) for item, result in results
    )
    print(f"  {'label':12}" + "".join(f"{label:>10}" for label in LABELS))
    for truth in ("yes", "borderline", "no", "unlabelled"):
        if any(counts[truth, label] for label in LABELS):
            print(f"  {truth:12}" + "".join(f"{counts[truth, label]:10}" for label in LABELS))


def mistakes(results: Judged, *, possible: bool = False) -> None:
    """Every miss and false alarm; with `possible`, only what is lost altogether is a miss."""
    enough = ("relevant", "possible") if possible else ("relevant",)
    for item, result in results:
        missed = item.label == "yes" and result.label not in enough
        if missed or (item.label in ("no", "") and result.label == "relevant"):
            found = ", ".join(f"{reason.phrase} ({reason.field})" for reason in result.reasons[:4])
            kind = "miss " if missed else "alarm"
            print(f"  {kind} {result.label:9} {result.score:.2f} {item.source}: {item.name[:60]} | {found}")


def of_language(results: Judged, name: str) -> None:
    """Figures of each language, where it has a yes or a no."""
    print(f"\n{name}, by language\n  language    yes    no  recall  or possible  precision")
    for language in sorted({item.language for item, _ in results}):
        found = [(item, result) for item, result in results if item.language == language]
        labels = Counter(item.label for item, _ in found)
        figures = f"{recall(found):8.3f} {recall(found, LABELS[:2]):12.3f} {precision(found):10.3f}"
        print(f"  {language:10} {labels['yes']:4} {labels['no']:5}{figures}")


def f1(results: Judged, but: frozenset[str] = frozenset()) -> float:
    """Micro-averaged over the products that are labelled and named."""
    pairs = [(item.products - but, frozenset(result.products) - but) for item, result in results]
    both = sum(len(wanted & named) for wanted, named in pairs)
    return share(2 * both, sum(len(wanted) + len(named) for wanted, named in pairs))


def facets(results: Judged) -> float:
    """Products of yes notices with a text. `other` says that no more exact one is named, so it stands apart."""
    found = [(item, result) for item, result in results if item.label == "yes" and item.products and item.held]
    exact = f1(found, OTHER)
    print(f"\nProducts of {len(found)} yes notices: F1 {exact:.3f}, with the product `other` {f1(found):.3f}")
    for item, result in found:
        extra, missed = set(result.products) - item.products, item.products - set(result.products)
        if extra or missed:
            told = f"too many: {', '.join(sorted(extra)) or '-'}; missed: {', '.join(sorted(missed)) or '-'}"
            print(f"  {item.source}: {item.name[:50]} | {told}")
    return exact


def reliability(results: Judged, name: str) -> None:
    pairs = [(result.score, item.label == "yes") for item, result in results if item.label in ("yes", "no")]
    print(f"\nHow far the score can be believed: {name}\n  score        n   mean   yes")
    for low, count, mean, yes in calibration.table(pairs):
        print(f"  {low:.1f}-{low + 0.1:.1f} {count:6} {mean:6.2f} {yes:5.2f}")
    print(
        f"  expected calibration error {calibration.error(pairs):.3f}, log loss {calibration.log_loss(pairs):.3f}"
    )


def sums(items: Iterable[Item], words: Lexicon | None = None) -> list[calibration.Pair]:
    """Points before calibration, of each item as known and by its header alone."""
    return [
        (log_odds(view(item), words), item.label == "yes")
        for item in items
        if item.label in ("yes", "no")
        for view in ([known, header] if item.held and item.source == "letters" else [known])
    ]


def fold_of(item: Item) -> int:
    """By entity, so that all notices of one clinic lie on one side."""
    return crc32((item.group or item.name).encode()) % FOLDS


def used(items: Iterable[Item], words: Lexicon) -> Counter[str]:
    """In how many items each phrase is found."""
    found: Counter[str] = Counter()
    for item in items:
        numbers = {
            number
            for field in FIELDS
            if item.fields.get(field)
            for *_, number in words.engine.places(fold(item.fields[field]), words.meanings[field])
        }
        found.update(words.phrases[number] for number in numbers)
    return found


CROSS_CHECK = f"""
{FOLDS}-fold cross-check. Phrases were written with sight of these data. So each fifth of the entities is judged
  with a lexicon from which every phrase is taken that is found in this fifth and in no other notice; points stay
  as shipped. It measures what is lost where a phrase was written for one case. Slope and shift are what the other
  four fifths alone would give."""


def one_fold(items: list[Item], number: int) -> tuple[Judged, int]:
    """A fifth judged without the phrases that it alone bears out, and how many those are; prints a line."""
    here, elsewhere = [i for i in items if fold_of(i) == number], [i for i in items if fold_of(i) != number]
    borne_out = used(elsewhere, lexicon())
    alone = {phrase for phrase in used(here, lexicon()) if phrase not in borne_out}
    results = judged(here, known, lexicon().without(alone))
    held = with_text(results)
    slope, shift = calibration.fit(sums(elsewhere))
    print(f"  fold {number + 1}: {len(here)} notices, {len(alone)} phrases taken; with a text recall ", end="")
    print(f"{recall(held):.3f}, precision {precision(held):.3f}; slope {slope:.2f}, shift {shift:.2f}")
    return results, len(alone)


def cross_check(items: list[Item]) -> None:
    print(CROSS_CHECK)
    folds = [one_fold(items, number) for number in range(FOLDS)]
    results = [pair for found, _ in folds for pair in found]
    held = with_text(results)
    exact = f1([(item, result) for item, result in held if item.label == "yes" and item.products], OTHER)
    print(
        f"  together ({sum(gone for _, gone in folds)} of {len(lexicon().phrases)} phrases taken once): ", end=""
    )
    print(f"with a text recall {recall(held):.3f}, or possible {recall(held, LABELS[:2]):.3f}, ", end="")
    print(f"precision {precision(held):.3f}, products F1 {exact:.3f}")
    mistakes(held)
    reliability(results, "the cross-check")


def by_text(labelled: list[Item]) -> Judged:
    """Every labelled notice of every regulator of which more than the header is held."""
    held = judged((item for item in labelled if item.held), known)
    print(f"\nWith a text ({len(held)} notices): recall {recall(held):.3f}, precision {precision(held):.3f}")
    table(held)
    mistakes(held)
    of_language(held, "With a text")
    return held


def by_header(listing: list[Item]) -> float:
    """FDA's list of letters, where office and subject are told; returns the recall for relevant or possible."""
    heads = judged(listing, header)
    print("\nBy title, office and subject alone, FDA's whole list of letters, unlabelled ones counted as no")
    table(heads)
    mistakes(heads, possible=True)
    lost = recall(heads, LABELS[:2])
    print(f"  recall {recall(heads):.3f}, or possible {lost:.3f}, precision {precision(heads):.3f}")
    return lost


def by_title(rest: list[Item], also: Iterable[Item]) -> None:
    titles = judged(rest, header)
    print("\nBy title alone, the other lists (not a threshold: many a title names a person only)")
    table(titles)
    of_language([*titles, *judged(also, header)], "By title alone, with translated titles")


def score(labelled: list[Item]) -> None:
    reliability(judged(labelled, known), "as known")
    slope, shift = calibration.fit(sums(labelled))
    scale = lexicon().scale
    print(f"  a new fit: slope {slope:.2f}, shift {shift:.2f}; the scale has {scale.slope:.2f}, {scale.shift:.2f}")


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else REPLICA
    if not (folder / "truth-dev.csv").is_file():
        print("No stand-in for the regulators' sites here: nothing measured.")
        return 0
    listing, rest = list(letters(folder)), list(others(folder))
    labelled = [item for item in [*listing, *rest] if item.label]
    print(f"Lexicon {lexicon_digest()}, {len(lexicon().phrases)} phrases; {len(labelled)} labelled notices")
    held = by_text(labelled)
    lost = by_header(listing)
    by_title(rest, translated(folder))
    exact = facets(held)
    score(labelled)
    cross_check(labelled)
    figures = {
        "recall with a text": (recall(held), RECALL),
        "precision with a text": (precision(held), PRECISION),
        "recall, relevant or possible, by header": (lost, HEADER_RECALL),
        "F1 of products": (exact, PRODUCTS_F1),
    }
    return verdict(figures)


def verdict(figures: dict[str, tuple[float, float]]) -> int:
    """The exit code: 1 when a threshold is missed."""
    print("\nThresholds")
    for name, (value, least) in figures.items():
        print(f"  {name} {value:.3f} ({'met' if value >= least else 'MISSED'}, at least {least})")
    return int(any(value < least for value, least in figures.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
