"""Finding clinics by name, misspelt name, person, website or words."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import urlsplit

import msgspec
from sqlite_utils import Database

from stemwatch.clinics.hosts import own_domain
from stemwatch.clinics.names import firm_name, person_name
from stemwatch.clinics.nearness import closest
from stemwatch.clinics.views import ClinicView, Found
from stemwatch.errors import UsageError
from stemwatch.folding import fold
from stemwatch.search import LONGEST
from stemwatch.store.database import day

MOST_CLOSE = 5

_SHOWN = """c.id IN (SELECT a.clinic FROM notices n JOIN actors a ON a.notice = n.id
                     WHERE n.label IN ('relevant', 'possible'))"""
# The same, sooner said of a few clinics.
_SHOWN_OF_FEW = """EXISTS (SELECT 1 FROM actors a JOIN notices n ON n.id = a.notice
                           WHERE a.clinic = c.id AND n.label IN ('relevant', 'possible'))"""
_CLINICS = """
SELECT c.id, c.name, s.names, s.people, s.websites, s.places,
       (SELECT count(DISTINCT a.notice) FROM actors a WHERE a.clinic = c.id) AS notices,
       (SELECT count(DISTINCT a.notice) FROM actors a JOIN notices n ON n.id = a.notice
        WHERE a.clinic = c.id AND n.label <> 'unrelated') AS relevant,
       (SELECT min(first_on) FROM clinic_names w WHERE w.clinic = c.id) AS first_on,
       (SELECT max(last_on) FROM clinic_names w WHERE w.clinic = c.id) AS last_on
FROM clinics c JOIN clinic_search s ON s.rowid = c.number
WHERE c.became IS NULL AND (:all OR {shown})
"""
_KEYED = """
SELECT DISTINCT a.clinic, k.value FROM actor_keys k JOIN actors a ON a.id = k.actor
WHERE k.kind = ? AND k.value = ?
"""
_WORDS = """
SELECT c.id, snippet(clinic_search, -1, '', '', ' … ', 8) FROM clinic_search
JOIN clinics c ON c.number = clinic_search.rowid
WHERE clinic_search MATCH ? ORDER BY bm25(clinic_search, 10.0, 5.0, 5.0, 1.0), c.id
"""
_NAMES = f"""
SELECT w.joined, w.name, w.clinic FROM clinic_names w JOIN clinics c ON c.id = w.clinic
WHERE c.became IS NULL AND (:all OR {_SHOWN})
"""
_HOST = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:[/:?#].*)?", re.IGNORECASE)
Hit = tuple[str, Found, str]
"""A clinic, how it was found, and the words that it was found by."""


def find_clinics(db: Database, query: str = "", *, everything: bool = False) -> Iterator[ClinicView]:
    """Clinics that `query` names, best first; all by name when it is empty.

    Shown are those that a notice names which is not unrelated, or with `everything` all. Where nothing is found,
    names that are spelt alike follow, marked `close`. UsageError when the query is too long.
    """
    if len(query) > LONGEST:
        raise UsageError(f"The search is {len(query):,} characters long; {LONGEST:,} are the most.")
    if not query.strip():
        sql = f"{_CLINICS.format(shown=_SHOWN)} ORDER BY c.name COLLATE NOCASE, c.id"
        yield from (_view(row, "words", "") for row in db.query(sql, {"all": everything}))
        return
    found = list(_views(db, _hits(db, query.strip()), everything))
    yield from found or _views(db, _close(db, query, everything), everything)


def clinics_after(db: Database, name: str, clinic: str, most: int) -> list[ClinicView]:
    """Clinics by name, those behind the place of one name and id; the first ones behind two empty texts."""
    sql = f"""{_CLINICS.format(shown=_SHOWN)} AND (c.name COLLATE NOCASE, c.id) > (:name, :clinic)
              ORDER BY c.name COLLATE NOCASE, c.id LIMIT :most"""
    rows = db.query(sql, {"all": False, "name": name, "clinic": clinic, "most": most})
    return [_view(row, "words", "") for row in rows]


def _views(db: Database, hits: Iterable[Hit], everything: bool) -> Iterator[ClinicView]:
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit[0], hit)
    sql = f"{_CLINICS.format(shown=_SHOWN_OF_FEW)} AND c.id IN (SELECT value FROM json_each(:ids))"
    ids = msgspec.json.encode(list(first)).decode()
    rows = {row["id"]: row for row in db.query(sql, {"all": everything, "ids": ids})}
    for clinic, found, matched in first.values():
        if clinic in rows:
            yield _view(rows[clinic], found, matched)


def _hits(db: Database, query: str) -> Iterator[Hit]:
    if query.lower().startswith("c-"):
        sql = "SELECT id FROM clinics WHERE id = ?"
        yield from ((clinic, "id", clinic) for (clinic,) in db.execute(sql, [query.lower()]))
    ways: tuple[tuple[Found, str, str], ...] = (
        ("website", "web", _domain(query)),
        ("name", "name", firm_name(query).joined),
        ("person", "person", person_name(query)),
    )
    for found, kind, value in ways:
        if value:
            yield from ((clinic, found, matched) for clinic, matched in db.execute(_KEYED, [kind, value]))
    words = fold(query).text.split()
    if words:
        expression = " AND ".join(f'"{word}" *' for word in words)
        yield from ((clinic, "words", matched) for clinic, matched in db.execute(_WORDS, [expression]))


def _domain(query: str) -> str:
    """The domain of a web address or e-mail address; empty when the query is neither."""
    host = query.rpartition("@")[2]
    if not _HOST.fullmatch(host):
        return ""
    try:
        return own_domain(urlsplit(host if "://" in host else f"//{host}").hostname or "")
    except ValueError:
        return ""


def _close(db: Database, query: str, everything: bool) -> Iterator[Hit]:
    typed = firm_name(query).joined
    if len(typed) < 3:
        return
    names: dict[str, list[tuple[str, str]]] = {}
    for joined, name, clinic in db.execute(_NAMES, {"all": everything}):
        names.setdefault(joined, []).append((clinic, name))
    for joined, _ in closest(typed, list(names), MOST_CLOSE):
        yield from ((clinic, "close", name) for clinic, name in names[joined])


def _view(row: dict[str, str], found: Found, matched: str) -> ClinicView:
    def lines(column: str) -> tuple[str, ...]:
        return tuple(filter(None, row[column].split("\n")))

    first, last = day(row["first_on"]), day(row["last_on"])
    assert isinstance(first, date | None)
    return ClinicView(
        clinic=row["id"],
        name=row["name"],
        names=lines("names"),
        people=lines("people"),
        websites=lines("websites"),
        places=lines("places"),
        notices=int(row["notices"]),
        relevant=int(row["relevant"]),
        first_on=first,
        last_on=last,
        found=found,
        matched=" ".join(matched.split()),
    )


def clinic_name(db: Database, clinic: str) -> str:
    """What a clinic that is named somewhere goes by."""
    return str(db.execute("SELECT name FROM clinics WHERE id = ?", [clinic]).fetchone()[0])


def current(db: Database, clinic: str) -> str:
    """The id that `clinic` goes by now; UsageError when it was never given out or nothing names it any more."""
    asked = clinic.strip().lower()
    sql = """WITH RECURSIVE led (id, became, steps) AS (
                 SELECT id, became, 0 FROM clinics WHERE id = ?
                 UNION ALL SELECT c.id, c.became, led.steps + 1 FROM led JOIN clinics c ON c.id = led.became
                 WHERE led.steps < 100
             ) SELECT id FROM led ORDER BY steps DESC LIMIT 1"""
    row = db.execute(sql, [asked]).fetchone()
    if row is None:
        raise UsageError(
            f"There is no clinic {clinic!r}. An id reads c-xxxxxxx; `stemwatch clinics NAME` finds it."
        )
    if not db.execute("SELECT 1 FROM actors WHERE clinic = ?", [row[0]]).fetchone():
        raise UsageError(f"No notice names the clinic {clinic!r} any more; its id is not given to another.")
    return str(row[0])
