"""Web and e-mail addresses, also those that a page has broken by blanks, and whose they are."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

import tldextract

from stemwatch.folding import Folded, fold
from stemwatch.parties.records import Website
from stemwatch.parties.vocabulary import Cue, Vocabulary

# A dot as it is printed: plain, in brackets, or with a blank that a line break has left.
_DOT = r"(?:\.|\[\.\]|\(\.\))"
_LABEL = r"[A-Za-z0-9\u00a1-\uffff](?:[A-Za-z0-9\u00a1-\uffff-]{0,61})"
_HOST = rf"{_LABEL}(?:{_DOT}{_LABEL}){{0,6}}{_DOT}[A-Za-z\u00a1-\uffff]{{2,24}}"
_BROKEN = rf"{_LABEL}[ ]{_LABEL}{_DOT}(?:com|net|org)\b"
_ADDRESSES = re.compile(
    # Only a word with a sign of an address behind it is looked at.
    r"(?<![\w@./+-])(?=[\w+-]{1,64}[.@:\[(])"
    rf"(?:(?P<email>[\w.+-]{{1,64}}(?:@|\[at\]){_HOST})"
    rf"|(?:h(?:tt|xx)ps?:\s?/\s?/\s?(?:www\s?{_DOT}\s?)?|www\s?{_DOT}\s?)(?P<site>{_HOST}|{_BROKEN})"
    rf"|(?P<bare>[A-Za-z0-9][A-Za-z0-9-]{{1,62}}(?:{_DOT}[A-Za-z0-9-]{{1,63}}){{0,3}}"
    rf"{_DOT}(?:com|net|org|info|biz|clinic|health|store|shop|co|io|us|care|life|bio|online|eu|de|fr|es|uk|ca|au|mx|ch|jp|kr|cn|in|me|tv|site|website))"
    rf"(?![\w-])(?!\.\w))"
)
_WITHIN = 240
_SENTENCE = re.compile(r"[.?!]\s+[A-Z“]|\n")


@cache
def _extract() -> tldextract.TLDExtract:
    """With the list that the package brings: nothing is fetched, nothing is written."""
    return tldextract.TLDExtract(
        suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True, fallback_to_snapshot=True
    )


def domain(host: str) -> str:
    """The registered part of a host in small letters, empty when it ends in no public suffix."""
    plain = re.sub(r"[\[\]()\s]", "", host).lower()
    return str(_extract()(plain).top_domain_under_public_suffix)


def of_regulator(name: str, vocabulary: Vocabulary) -> bool:
    return (
        bool(re.search(r"(?:^|\.)(?:gov|mil|gob|gouv|go)(?:\.[a-z]{2})?$", name))
        or name in vocabulary.lists["regulator"]
    )


def websites(fields: Mapping[str, str], folded: Mapping[str, Folded], vocabulary: Vocabulary) -> list[Website]:
    """Each domain once per kind: where it is first told to be the subject's, else where it stands first.

    `folded`: those of the fields that have been folded already.
    """
    found: dict[tuple[str, str], Website] = {}
    for field, text in fields.items():
        for site in _of_field(field, text, folded.get(field), vocabulary):
            known = found.get((site.domain, site.kind))
            if known is None or (site.own and not known.own):
                found[site.domain, site.kind] = site
    places = {field: place for place, field in enumerate(fields)}
    return sorted(found.values(), key=lambda site: (places[site.field], site.start))


def _of_field(field: str, text: str, folded: Folded | None, vocabulary: Vocabulary) -> Iterator[Website]:
    matches = list(_ADDRESSES.finditer(text))
    cues = vocabulary.cues("own", folded or fold(text)) if matches and field != "email" else []
    for match in matches:
        group = match.lastgroup or ""
        email = group == "email"
        found = domain(re.split(r"@|\[at\]", match[group])[-1])
        if not found or of_regulator(found, vocabulary):
            continue
        own = (field == "email" or _own(text, match.start(), cues)) and found not in vocabulary.lists["platform"]
        start = match.start(group) if group == "bare" else match.start()
        kind: Literal["site", "email"] = "email" if email else "site"
        yield Website(field=field, start=start, end=match.end(group), domain=found, kind=kind, own=own)


def _own(text: str, start: int, cues: list[Cue]) -> bool:
    """Whether the sentence calls it the subject's before it names it."""
    place = bisect_right([cue.end for cue in cues], start) - 1
    if place < 0 or start - cues[place].end > _WITHIN:
        return False
    return not _SENTENCE.search(text, cues[place].end, start)
