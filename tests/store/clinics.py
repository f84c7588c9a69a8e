"""Invented letters about invented clinics, and what a store makes of them."""

from datetime import date
from typing import Any

from stemwatch.records import Listed, Page
from stemwatch.store import Store
from tests.store.builders import World, letter, page

ABOUT = "Your firm sells umbilical cord stem cells, an unlicensed biological product under section 351."


def told(key: str, title: str, on: str = "2024-03-01", **fields: str) -> tuple[Listed, Page]:
    """A letter of a day with its page. `fields` are the page's: recipient, address, email; `text` its words."""
    row = letter(key, title, issued_on=date.fromisoformat(on), posted_on=date.fromisoformat(on))
    text = fields.pop("text", "")
    return row, page(row, f"{ABOUT} {text}", fields=fields)


def apply(world: World, *letters: tuple[Listed, Page], only: Any = None) -> None:
    """One run whose list has all the letters, and whose pages are those of `only`, or of all."""
    world.run([row for row, _ in letters], *[read for row, read in letters if only is None or row.key in only])


def gathered(store: Store) -> set[frozenset[str]]:
    """The notices of each clinic, by key."""
    found: dict[str, set[str]] = {}
    for notice, clinic in store.db.execute(
        "SELECT n.key, a.clinic FROM actors a JOIN notices n ON n.id = a.notice"
    ):
        found.setdefault(clinic, set()).add(notice)
    return {frozenset(keys) for keys in found.values()}


def clinic_of(world: World, row: Listed) -> str:
    """The clinic that a notice is about."""
    return world.notice(row).clinics[0]


TAMPA = {"address": "12 Palm Road; Tampa, FL 33601; United States", "recipient_firm": "Talvex Labs, LLC"}
RENO = {"address": "9 Mine Street; Reno, NV 89501; United States", "recipient_firm": "Talvex Labs, LLC"}
OLD = told("talvex-labs-1", "Talvex Labs, LLC", "2020-05-01", recipient="Vora Lind, M.D.", **TAMPA)
NEW = told("talvex-labs-2", "Talvex Labs Inc.", "2024-05-01")
DBA = told("talvex-labs-3", "Talvex Labs LLC dba Brinna Cove", "2022-05-01")
ORLIN = told("orlin-4", "Orlin Biologics, Inc.", "2021-05-01", recipient="Amil Okell")
BRINNA = told("brinna-5", "Brinna Cove", "2019-05-01")
FAR = told("talvex-labs-6", "Talvex Labs, LLC", "2023-05-01", **RENO)
LIKE = told("talvec-labs-7", "Talvec Labs, LLC", "2023-05-01")
ALL = (OLD, NEW, DBA, ORLIN, BRINNA)
