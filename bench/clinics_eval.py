"""Measures how notices are gathered into clinics: python -m bench.clinics_eval [REPLICA_DIR]

Every notice of the stand-in for the regulators' sites beside the checkout is applied to a store, as a crawl does.
Labelled pairs lie in `data/links-dev.csv` beside it. A pair counts when the held notices name both sides.
Ends with 1 when a threshold is missed, with 0 and a note when there is no stand-in.
"""

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.clinics_data import filled
from bench.relevance_data import REPLICA, truth
from stemwatch.clinics.names import firm_name, person_name
from stemwatch.folding import fold
from stemwatch.store import Store

JOINED = 0.95
_PARTS = re.compile(r"\s+/\s+|\s*->\s*|\s*=\s*|;|[()]|\s+dba\s+(?:a\s+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Pair:
    kind: str
    one: str
    other: str
    member: str
    relation: str
    strength: str


def pairs(path: Path) -> list[Pair]:
    with path.open(newline="", encoding="utf-8") as rows:
        return [
            Pair(row["kind"], row["name_a"], row["name_b"], row["member_kind"], row["relation"], row["strength"])
            for row in csv.DictReader(rows)
        ]


class Held:
    """What the store holds, by name."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.named: dict[str, set[str]] = defaultdict(set)
        self.cores: dict[str, set[str]] = defaultdict(set)
        self.people: dict[str, set[str]] = defaultdict(set)
        self.products: dict[str, set[str]] = defaultdict(set)
        for clinic, name in store.db.execute("SELECT clinic, name FROM clinic_names"):
            known = firm_name(name)
            self.named[known.joined].add(clinic)
            self.cores[known.core].add(clinic)
        for number, clinic in store.db.execute("SELECT number, id FROM clinics WHERE became IS NULL").fetchall():
            row = store.db.execute("SELECT names, people FROM clinic_search WHERE rowid = ?", [number]).fetchone()
            names, people = row or ("", "")
            for person in people.split("\n"):
                self.people[person_name(person)].add(clinic)
            self.products[clinic] = {fold(name).text.strip() for name in names.split("\n")}
        texts = [text for _, text in store.texts()]
        texts += [value for notice in store.all_notices() for value in (notice.title, *notice.fields.values())]
        self.texts = [f" {' '.join(fold(text).text.split())} " for text in texts]

    def clinics(self, name: str) -> set[str]:
        """The clinics that go by a name, or where none does, whose name begins with it."""
        found: set[str] = set()
        for part in parts(name):
            known = firm_name(part)
            begun = (ids for core, ids in self.cores.items() if core.startswith(known.core + " "))
            found |= self.named.get(known.joined) or set().union(*begun)
        return found

    def says(self, name: str) -> bool:
        """Whether a held notice has the name, or for several names one of them. Generic words prove no name."""
        known = map(firm_name, parts(name))
        return any(name.joined in self.named or (name.distinctive and self._has(name.core)) for name in known)

    def says_person(self, name: str) -> bool:
        first, _, last = person_name(name).partition(" ")
        pattern = re.compile(rf" {re.escape(first)} (?:\w+ ){{0,3}}{re.escape(last)} ")
        return bool(last) and any(pattern.search(text) for text in self.texts)

    def says_product(self, name: str) -> bool:
        return any(self._has(brand) for brand in brands(name))

    def _has(self, words: str) -> bool:
        return bool(words) and any(f" {words} " in text for text in self.texts)


def parts(name: str) -> list[str]:
    """The names that a label puts together: `A / B`, `A (B)`, `A dba B`."""
    first, *rest = [part.strip(" ,") for part in _PARTS.split(name) if part.strip(" ,")]
    return [first, *(part for part in rest if firm_name(part).distinctive)]


def brands(name: str) -> set[str]:
    """The products that a label names, folded, without its remarks."""
    return {" ".join(fold(part).text.split()) for part in _PARTS.split(re.sub(r"\(.*?\)", "", name))}


def apart(held: Held, pair: Pair) -> tuple[bool, bool]:
    """Whether both sides are held, and whether they are one clinic though they should not be."""
    theirs = held.clinics(pair.other)
    ours: set[str] = set()
    for part in parts(pair.one):
        # A label such as "A (B / C)" against "B Technologies" names the other side itself, in short.
        short = f"{firm_name(part).core} "
        if not any(f"{firm_name(other).core} ".startswith(short) for other in parts(pair.other)):
            ours |= held.clinics(part)
    return bool(ours and theirs), bool(ours & theirs)


def joined(held: Held, pair: Pair) -> tuple[bool, bool]:
    """Whether the held notices say both sides, and whether the clinic has the other side."""
    ours = held.clinics(pair.one)
    if pair.member == "person":
        return held.says_person(pair.other) and bool(ours), bool(
            ours & held.people.get(person_name(pair.other), set())
        )
    if pair.member == "product":
        found = any(brands(pair.other) & held.products[clinic] for clinic in ours)
        return held.says_product(pair.other) and bool(ours), found
    return held.says(pair.one) and held.says(pair.other), bool(ours & held.clinics(pair.other))


def look_alikes(held: Held, labelled: Iterable[Pair]) -> int:
    """Prints look-alikes and softly related pairs that were made one; returns how many."""
    wrong = 0
    groups = {
        "Look-alikes": [pair for pair in labelled if pair.kind == "nonlink"],
        "Softly related": [p for p in labelled if p.strength == "soft" and p.member == "business"],
        "Uncertain (told only)": [pair for pair in labelled if pair.kind == "uncertain"],
    }
    for name, found in groups.items():
        results = [(pair, *apart(held, pair)) for pair in found]
        merged = [pair for pair, both, one in results if both and one]
        print(f"{name}: {len(found)} pairs, {sum(both for _, both, _ in results)} held, {len(merged)} made one")
        for pair in merged:
            print(f"  {pair.one} | {pair.other} ({pair.relation})")
        wrong += 0 if name.startswith("Uncertain") else len(merged)
    return wrong


def hard_links(held: Held, labelled: Iterable[Pair]) -> float:
    """Prints the hard pairs that are not joined though held; returns the share that is."""
    tally: dict[str, Counter[bool]] = defaultdict(Counter)
    print("\nHard pairs that the held notices name on both sides, and that are not joined")
    for pair in labelled:
        if pair.kind == "link" and pair.strength == "hard":
            both, one = joined(held, pair)
            if both:
                tally[pair.member][one] += 1
            if both and not one:
                ours, theirs = sorted(held.clinics(pair.one)), sorted(held.clinics(pair.other))
                print(f"  {pair.member}: {pair.one} | {pair.other} ({pair.relation}); clinics {ours}, {theirs}")
    whole = sum((counts for counts in tally.values()), Counter[bool]())
    for member, counts in sorted(tally.items()):
        print(f"  {member}: {counts[True]} of {counts.total()} joined")
    share = whole[True] / whole.total() if whole else 1.0
    print(f"  together {whole[True]} of {whole.total()}: {share:.3f}")
    return share


def b_cubed(store: Store, folder: Path) -> None:
    """Precision and recall of notices by the labelled group, all of them and those of groups of two and more."""
    group = {url: row["group_id"] for url, row in truth(folder).items() if row["group_id"]}
    slugs = {url.rsplit("/", 1)[-1]: found for url, found in group.items() if "/warning-letters/" in url}
    clusters, classes = {}, {}
    for notice in store.all_notices():
        label = group.get(notice.url) or slugs.get(notice.key)
        if label:
            classes[notice.notice] = label
            clusters[notice.notice] = notice.clinics[0] if notice.clinics else notice.notice
    sizes = Counter(classes.values())
    print("\nB-cubed of notices by labelled group")
    for name, least in (("all", 1), ("groups of two and more", 2)):
        chosen = [notice for notice in classes if sizes[classes[notice]] >= least]
        precision = _b_cubed(chosen, clusters, classes)
        recall = _b_cubed(chosen, classes, clusters)
        print(f"  {name}: {len(chosen)} notices, precision {precision:.3f}, recall {recall:.3f}")
    for label, size in sizes.items():
        found = {clusters[notice] for notice in classes if classes[notice] == label}
        if size > 1 and len(found) > 1:
            print(f"  {label} lies in {len(found)} clinics: {', '.join(sorted(found))}")


def _b_cubed(notices: list[str], within: dict[str, str], same: dict[str, str]) -> float:
    members: dict[str, list[str]] = defaultdict(list)
    for notice in notices:
        members[within[notice]].append(notice)
    shares = [
        sum(same[other] == same[notice] for other in members[within[notice]]) / len(members[within[notice]])
        for notice in notices
    ]
    return sum(shares) / len(shares) if shares else 1.0


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else REPLICA
    links = folder.parent / "data" / "links-dev.csv"
    if not links.is_file():
        print("No stand-in for the regulators' sites here: nothing measured.")
        return 0
    with TemporaryDirectory() as home, filled(Path(home), folder) as store:
        held, labelled = Held(store), pairs(links)
        wrong = look_alikes(held, labelled)
        share = hard_links(held, labelled)
        b_cubed(store, folder)
    met = not wrong and share >= JOINED
    print(f"\n{'met' if met else 'MISSED'}: no look-alike and no soft pair one, {JOINED:.0%} of hard pairs joined")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
