"""Measures who a notice names on labelled notices: python -m bench.parties_eval [REPLICA_DIR]

Labels and data come from the stand-in for the regulators' sites beside the checkout. A name counts where its
words are in what is held of the notice. Ends with 1 when a threshold is missed, with 0 and a note when there is no
stand-in.
"""

import csv
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from zipfile import ZipFile

from scrapy.http import HtmlResponse

from bench.relevance_data import REPLICA, _lines, letter_texts, plain, truth
from spiders.common.fda import parse_letter
from stemwatch.parties import digest, parties
from stemwatch.parties.extract import comparable
from stemwatch.parties.people import without_titles
from stemwatch.parties.records import Parties
from stemwatch.records import Page

SUBJECTS, PEOPLE, MILLISECONDS = (0.95, 0.9), (0.95, 0.95), 10.0
LETTER = 15_000
EVERY = 15
LANGUAGES = {"mhlw": "ja", "mfds": "ko"}
MAIN = {"subject", "alias", "former", "codefendant"}

# What a label says besides names.
_NOTE = re.compile(r"\s*\([^()]*\)\s*$")
_SPLIT = re.compile(
    r"\s*;\s*|,\s+(?!(?:LLC|Inc|Ltd|Corp|D\.O|MD|PhD)\b)|\s+(?:dba|d/b/a)\s+|\s+and\s+(?=[A-Z][a-z]+ v)"
)


@dataclass
class Case:
    """A notice's stored fields and its label."""

    source: str
    fields: dict[str, str]
    label: dict[str, str]

    @property
    def found(self) -> Parties:
        return parties(self.fields, LANGUAGES.get(self.source, "en"))

    @property
    def held(self) -> str:
        return " ".join(self.fields.values())


@dataclass
class Count:
    """Of names that should be found, which are; of names found, which should be."""

    wanted: int = 0
    missed: list[str] = field(default_factory=list)
    given: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return 1 - len(self.missed) / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return 1 - len(self.wrong) / self.given if self.given else 1.0

    def show(self, name: str) -> None:
        print(
            f"\n{name}: recall {self.recall:.3f} of {self.wanted}, precision {self.precision:.3f} of {self.given}"
        )
        for kind, lines in (("miss ", self.missed), ("wrong", self.wrong)):
            for line in lines:
                print(f"  {kind} {line}")


def pages(folder: Path) -> dict[str, dict[str, str]]:
    """The fields of raw letter pages by slug, as the spider stores them."""
    found = {}
    with ZipFile(folder / "data-dev" / "letters.zip") as archive:
        for name in archive.namelist():
            url = f"https://www.fda.gov/{name}"
            response = HtmlResponse(url, body=archive.read(name), encoding="utf-8")
            page = Page(key=name, role="notice", url=url, read_at=datetime.now(UTC), capture="")
            read = parse_letter(response, page)
            found[Path(name).stem] = {**read.fields, "text": read.text}
    return found


def letters(folder: Path) -> Iterator[Case]:
    labels = {url.rsplit("/", 1)[-1]: row for url, row in truth(folder).items() if "/warning-letters/" in url}
    texts, raw = letter_texts(folder / "data-dev"), pages(folder)
    with (folder / "data-dev" / "fda_listing.csv").open(newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            held = raw.get(row["slug"], {"text": texts.get(row["slug"], "")})
            head = {
                "title": plain(row["company"]),
                "office": plain(row["office"]),
                "subject": plain(row["subject"]),
            }
            fields = {**head, **held}
            yield Case("letters", fields, labels.get(row["slug"], {}))


def others(folder: Path) -> Iterator[Case]:
    for label, raw, source in _lines(folder):
        extra = raw.get("extra", {})
        fields = {"title": raw["title"], "text": plain(raw.get("body") or raw.get("summary") or "")}
        fields |= {name: extra[name] for name in ("address", "country") if isinstance(extra.get(name), str)}
        fields["firm"] = extra.get("recalling_firm", "")
        yield Case(source, fields, label)


def bare(name: str) -> str:
    return comparable(name)


def subjects(case: Case) -> list[str]:
    """The firms that a label names, without people and notes."""
    name = _NOTE.sub("", case.label.get("subject_name", ""))
    names = _SPLIT.split(re.sub(r"^.*? v\. ", "", name))
    return [
        one.strip()
        for one in names
        if one.strip() and not any(bare(without_titles(one)) in bare(p) for p in people(case))
    ]


def people(case: Case) -> list[str]:
    return [without_titles(_NOTE.sub("", one)) for one in case.label.get("persons", "").split(";") if one.strip()]


def listed(case: Case, column: str) -> list[str]:
    return [_NOTE.sub("", one).strip() for one in re.split(r"[;|]", case.label.get(column, "")) if one.strip()]


def same_person(one: str, other: str) -> bool:
    """Whether first and last name agree; the middle is printed in many ways."""
    left, right = re.findall(r"\w+", one.casefold()), re.findall(r"\w+", other.casefold())
    return bool(left and right) and (left[0], left[-1]) == (right[0], right[-1])


def mentions_person(held: str, name: str) -> bool:
    words = re.findall(r"\w+", name)
    return len(words) > 1 and bool(re.search(rf"\b{words[0]}\b.{{0,40}}\b{words[-1]}\b", held))


def of_subjects(cases: Iterable[Case]) -> Count:
    count = Count()
    for case in cases:
        found = case.found
        names = {bare(firm.name) for firm in found.firms if firm.tie in MAIN}
        wanted = [name for name in subjects(case) if bare(name) in bare(case.held)]
        count.wanted += len(wanted)
        count.missed += [
            f"{case.source}: {name} | {case.fields['title'][:70]}" for name in wanted if bare(name) not in names
        ]
        known = [*subjects(case), *listed(case, "aliases"), *listed(case, "other_subjects")]
        right = " ".join(map(bare, [*known, case.label.get("subject_name", "")]))
        given = [firm for firm in found.firms if firm.tie in ("subject", "codefendant")]
        count.given += len(given)
        count.wrong += [
            f"{case.source}: {f.name} ({f.tie}) | {case.fields['title'][:60]}"
            for f in given
            if bare(f.name) not in right
        ]
    return count


def of_people(cases: Iterable[Case]) -> Count:
    count = Count()
    for case in cases:
        given = [person.name for person in case.found.people]
        wanted = [name for name in people(case) if mentions_person(case.held, name)]
        others = " ".join(listed(case, "other_subjects"))
        count.wanted += len(wanted)
        count.missed += [
            f"{case.source}: {n} | {case.fields['title'][:70]}"
            for n in wanted
            if not any(same_person(n, g) for g in given)
        ]
        count.given += len(given)
        count.wrong += [
            f"{case.source}: {g} | {case.fields['title'][:70]}"
            for g in given
            if g not in others and not any(same_person(n, g) for n in people(case))
        ]
    return count


def of_aliases(cases: Iterable[Case]) -> Count:
    """Other names: firms, brands or domains. A part of a name that was found is no other name."""
    count = Count()
    for case in cases:
        found = case.found
        names = [
            *(f.name for f in found.firms),
            *(b.name for b in found.brands),
            *(w.domain for w in found.websites),
        ]
        given = {bare(name) for name in names}
        longer = " ".join(bare(firm.name) for firm in found.firms)
        wanted = [name for name in listed(case, "aliases") if bare(name) in bare(case.held)]
        wanted = [name for name in wanted if bare(name) in given or bare(name) not in longer]
        count.wanted += len(wanted)
        count.missed += [
            f"{case.source}: {n} | {case.fields['title'][:70]}" for n in wanted if bare(n) not in given
        ]
    return count


def milliseconds(cases: Iterable[Case]) -> float:
    """Processor time per letter of the usual length."""
    held = [case.fields for case in cases if case.fields["text"]]
    parties(held[0])
    start = process_time()
    for fields in held:
        parties(fields)
    return (process_time() - start) / sum(len(fields["text"]) for fields in held) * LETTER * 1000


def sample(cases: list[Case]) -> None:
    """What is found in every so many notices that nobody labelled with names, to be read by eye."""
    print(f"\nFound in every {EVERY}th of {len(cases)} other notices")
    for case in cases[::EVERY]:
        found = case.found
        firms = [f"{firm.name} ({firm.tie})" for firm in found.firms]
        if firms or found.people:
            names = ", ".join([*firms, *(person.name for person in found.people)])
            print(f"  {case.source}: {case.fields['title'][:60]} | {names}")


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else REPLICA
    if not (folder / "truth-dev.csv").is_file():
        print("No stand-in for the regulators' sites here: nothing measured.")
        return 0
    listing, rest = list(letters(folder)), list(others(folder))
    relevant = [case for case in [*listing, *rest] if case.label.get("label") == "yes"]
    print(f"Words {digest()}; {len(relevant)} relevant notices of {len(listing) + len(rest)}")
    firms, persons, aliases = of_subjects(relevant), of_people(relevant), of_aliases(relevant)
    firms.show("Subjects")
    persons.show("People")
    aliases.show("Aliases (firms, brands, domains)")
    sample([case for case in [*listing, *rest] if case.label.get("label") != "yes" and case.fields["text"]])
    spent = milliseconds(listing)
    print(f"\n{spent:.1f} ms per letter of {LETTER:,} characters (at most {MILLISECONDS:.0f})")
    least = [(firms, SUBJECTS), (persons, PEOPLE)]
    missed = any(count.recall < recall or count.precision < right for count, (recall, right) in least)
    return int(missed or spent > MILLISECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
