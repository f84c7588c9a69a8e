"""The database's shape, as numbered steps. A released step is never altered: a new one follows."""

from secrets import token_hex

from sqlite_utils import Database, Migrations

from stemwatch.store.tables.claims import CLAIMS
from stemwatch.store.tables.clinics import CLINICS
from stemwatch.store.tables.events import EVENTS
from stemwatch.store.tables.first import FIRST
from stemwatch.store.tables.leftover import LEFTOVER
from stemwatch.store.tables.lists import LISTS
from stemwatch.store.tables.names import NAMES
from stemwatch.store.tables.signups import SIGNUPS
from stemwatch.store.tables.subscriptions import SUBSCRIPTIONS

migrations = Migrations("stemwatch")


@migrations()
def m001_first(db: Database) -> None:
    _execute(db, FIRST)
    db.execute("INSERT INTO instance VALUES (?, '')", [token_hex(8)])


@migrations()
def m002_routes(db: Database) -> None:
    db.execute("ALTER TABLE notices ADD COLUMN routes TEXT NOT NULL DEFAULT '[]'")


@migrations()
def m003_clinics(db: Database) -> None:
    _execute(db, CLINICS)


@migrations()
def m004_claims(db: Database) -> None:
    _execute(db, CLAIMS)
    # No lexicon has this name: the next run judges every notice anew, and fills the table.
    db.execute("UPDATE instance SET lexicon = ''")


@migrations()
def m005_lists(db: Database) -> None:
    _execute(db, LISTS)


@migrations()
def m006_stages(db: Database) -> None:
    db.execute("ALTER TABLE notices ADD COLUMN stage TEXT NOT NULL DEFAULT ''")
    db.execute("UPDATE instance SET lexicon = ''")


@migrations()
def m007_subscriptions(db: Database) -> None:
    _execute(db, SUBSCRIPTIONS)


@migrations()
def m008_closed_by_page(db: Database) -> None:
    db.execute("ALTER TABLE notices ADD COLUMN closed_by_page INTEGER NOT NULL DEFAULT 0")


@migrations()
def m009_leftover(db: Database) -> None:
    _execute(db, LEFTOVER)


@migrations()
def m010_events(db: Database) -> None:
    _execute(db, EVENTS)


@migrations()
def m011_signups(db: Database) -> None:
    _execute(db, SIGNUPS)


@migrations()
def m012_captures_by_address(db: Database) -> None:
    """The evidence of a notice is found by its addresses, too."""
    db.execute("CREATE INDEX captures_by_url ON captures (url)")


@migrations()
def m013_names(db: Database) -> None:
    """Notices are found by the names and places in them, and a source's newest at once."""
    _execute(db, NAMES)


STEPS = (
    "m001_first",
    "m002_routes",
    "m003_clinics",
    "m004_claims",
    "m005_lists",
    "m006_stages",
    "m007_subscriptions",
    "m008_closed_by_page",
    "m009_leftover",
    "m010_events",
    "m011_signups",
    "m012_captures_by_address",
    "m013_names",
)


def _execute(db: Database, statements: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            db.execute(statement)
