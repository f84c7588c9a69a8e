"""Measures relevance on labelled notices: python -m bench.relevance_eval [REPLICA_DIR]

Labels and data come from the stand-in for the regulators' sites beside the checkout. Ends with 1 when recall on
held texts or precision falls short, with 0 and a note when there is no stand-in.
"""

import csv
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path
from time import perf_counter
from typing import Any
from zipfile import ZipFile

from lxml import html

from stemwatch.relevance import Relevance, judge, lexicon_digest

RECALL = 1.0
PRECISION = 0.95
REPLICA = Path(__file__).resolve().parents[2] / "shared" / "replica"
FDA_LISTS = ("fda", "openfda", "import_alert")
UNTAGGED = partial(re.compile(r"<[^>]+>").sub, " ")


@dataclass(frozen=True)
class Item:
    """One notice with its label: yes, no, borderline, or nothing when nobody labelled it."""

    name: str
    label: str
    fields: dict[str, str]
    products: frozenset[str]
    listed: bool

    @property
    def header(self) -> dict[str, str]:
        return {name: value for name, value in self.fields.items() if name != "text"}


Judged = list[tuple[Item, Relevance]]


def plain(markup: str) -> str:
    return unescape(UNTAGGED(markup))


def truth(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "truth-dev.csv").open(newline="", encoding="utf-8") as rows:
        return {row["url"]: row for row in csv.DictReader(rows)}


def body(page: bytes) -> str:
    """A letter's text: what follows the last inset column of the main part, up to the survey's comment."""
    main = html.fromstring(page.decode("utf-8", "replace")).find('.//div[@role="main"]')
    parts: list[str] = []
    for child in main if main is not None else ():
        if not isinstance(child.tag, str):
            if "QUALTRICS" in (child.text or ""):
                break
        elif "inset-column" in child.get("class", ""):
            parts.clear()
        else:
            parts.append(" ".join(child.itertext()))
    return "\n".join(parts)


def letter_texts(data: Path) -> dict[str, str]:
    """The held texts of warning letters by slug, from raw pages and from transcriptions."""
    with ZipFile(data / "letters.zip") as pages:
        texts = {Path(name).stem: body(pages.read(name)) for name in pages.namelist() if name.endswith(".html")}
    with gzip.open(data / "texts.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts |= {letter["slug"]: letter["text"] for letter in map(json.loads, lines)}
    return texts


def letters(folder: Path) -> Iterator[Item]:
    data = folder / "data-dev"
    labels = {url.rsplit("/", 1)[-1]: row for url, row in truth(folder).items() if "/warning-letters/" in url}
    texts = letter_texts(data)
    with (data / "fda_listing.csv").open(newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            fields = {"title": row["company"], "office": row["office"], "subject": row["subject"]}
            fields = {name: plain(value) for name, value in fields.items()}
            label = labels.get(row["slug"], {})
            yield item(row["company"], label, {**fields, "text": texts.get(row["slug"], "")}, listed=True)


def item(name: str, row: dict[str, str], fields: dict[str, str], *, listed: bool = False) -> Item:
    types = frozenset(row.get("product_types", "").split(";")) - {""}
    return Item(name, row.get("label", ""), fields, types, listed)


def notices(folder: Path, lists: Iterable[str]) -> Iterator[Item]:
    """Other lists. An enforcement report has no text; it describes its product and gives a reason."""
    rows = truth(folder)
    for name in lists:
        for line in (folder / "data-dev" / "sources" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            raw: dict[str, Any] = json.loads(line)
            extra = raw.get("extra", {})
            fields = {
                "title": raw["title"],
                "text": plain(raw.get("body") or raw.get("summary") or ""),
                "products": extra.get("product_description", ""),
                "subject": extra.get("reason_for_recall", ""),
            }
            yield item(raw["title"], rows.get(raw["url"], {}), fields)


def judged(items: Iterable[Item], view: Callable[[Item], dict[str, str]]) -> Judged:
    return [(item, judge(view(item))) for item in items]


def share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def recall(results: Judged, labels: Iterable[str] = ("relevant",)) -> float:
    wanted = [result.label in labels for item, result in results if item.label == "yes"]
    return share(sum(wanted), len(wanted))


def precision(results: Judged) -> float:
    alarms = Counter(item.label for item, result in results if result.label == "relevant")
    return share(alarms["yes"], alarms["yes"] + alarms["no"])


def table(results: Judged) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    counts.update((item.label or "unlabelled", result.label) for item, result in results)
    labels = ("relevant", "possible", "unrelated")
    print(f"  {'label':12}" + "".join(f"{label:>10}" for label in labels))
    for truth_label in ("yes", "borderline", "no", "unlabelled"):
        print(f"  {truth_label:12}" + "".join(f"{counts[truth_label, label]:10}" for label in labels))


def mistakes(results: Judged, *, possible: bool = False) -> None:
    """Every miss and false alarm, and on wish what is only possible but should be unrelated."""
    wrong = ("relevant", "possible") if possible else ("relevant",)
    for item, result in results:
        missed = item.label == "yes" and result.label != "relevant"
        alarm = item.label in ("no", "") and result.label in wrong
        if missed or alarm:
            found = ", ".join(f"{reason.phrase} ({reason.field})" for reason in result.reasons[:5])
            kind = "miss " if missed else "alarm"
            print(f"  {kind} {result.label:9} {result.score:.2f} {item.name[:60]} | {found}")


def reliability(results: Judged) -> None:
    print("\nHow far the score can be believed (labelled FDA notices)\n  score        n   mean   yes")
    bins: dict[int, list[tuple[float, bool]]] = {}
    for item, result in results:
        if item.label in ("yes", "no"):
            bins.setdefault(min(9, int(result.score * 10)), []).append((result.score, item.label == "yes"))
    for low, pairs in sorted(bins.items()):
        mean = sum(score for score, _ in pairs) / len(pairs)
        right = sum(yes for _, yes in pairs) / len(pairs)
        print(f"  {low / 10:.1f}-{low / 10 + 0.1:.1f} {len(pairs):6} {mean:6.2f} {right:5.2f}")


def facets(results: Judged) -> None:
    held = [(item, result) for item, result in results if item.label == "yes" and item.fields["text"]]
    pairs = [(item.products - {"other"}, set(result.products) - {"other"}) for item, result in held]
    both = sum(len(wanted & named) for wanted, named in pairs)
    named, wanted = sum(len(named) for _, named in pairs), sum(len(wanted) for wanted, _ in pairs)
    print(f"\nProducts of held yes notices: recall {share(both, wanted):.3f}, precision {share(both, named):.3f}")


def speed(items: list[Item]) -> None:
    texts = [item.fields for item in items if item.fields["text"]]
    size = sum(len(fields["text"]) for fields in texts)
    start = perf_counter()
    for fields in texts:
        judge(fields)
    spent = 1000 * (perf_counter() - start)
    print(f"\nSpeed: {spent / len(texts):.2f} ms a letter, {spent * 15000 / size:.2f} ms per 15,000 characters")


def elsewhere(folder: Path) -> None:
    """Other regulators, for information: the lexicon was not made for them, nor for languages but English."""
    names = sorted(path.stem for path in (folder / "data-dev" / "sources").glob("*.jsonl"))
    results = judged(notices(folder, (name for name in names if name not in FDA_LISTS)), lambda item: item.fields)
    print(
        f"\nOther regulators (not a threshold): recall {recall(results):.3f}, precision {precision(results):.3f}"
    )
    table(results)


def known(listing: list[Item], folder: Path) -> Judged:
    """Every labelled FDA notice, judged with all that is held of it; printed, and returned."""
    fda = [item for item in listing if item.label] + list(notices(folder, FDA_LISTS))
    results = judged(fda, lambda item: item.fields)
    print(f"Lexicon {lexicon_digest()}; {len(listing)} letters, {len(fda)} labelled FDA notices\n\nAs known")
    table(results)
    mistakes(results)
    return results


def header_only(listing: list[Item]) -> None:
    results = judged(listing, lambda item: item.header)
    print("\nHeader only, the whole listing")
    table(results)
    mistakes(results, possible=True)
    print(f"  recall {recall(results):.3f}, or possible {recall(results, ('relevant', 'possible')):.3f}")


def verdict(results: Judged) -> int:
    """The exit code: 1 when a threshold is missed."""
    held = [(item, result) for item, result in results if item.fields["text"] or item.fields.get("products")]
    got = {"recall of held texts": (recall(held), RECALL), "precision": (precision(results), PRECISION)}
    print(f"\nThresholds ({sum(item.label == 'yes' for item, _ in held)} yes notices with a held text)")
    for name, (value, least) in got.items():
        print(f"  {name} {value:.3f} ({'met' if value >= least else 'MISSED'}, at least {least})")
    return int(any(value < least for value, least in got.values()))


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else REPLICA
    if not (folder / "truth-dev.csv").is_file():
        print("No stand-in for the regulators' sites here: nothing measured.")
        return 0
    listing = list(letters(folder))
    results = known(listing, folder)
    header_only(listing)
    reliability(results)
    facets(results)
    speed(listing)
    elsewhere(folder)
    return verdict(results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
