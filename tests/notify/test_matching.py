"""Matching sees each change as it stands: what comes meanwhile waits, and is looked at next."""

import sqlite3
from contextlib import closing
from datetime import datetime

from notify.audience import Audience
from notify.matching import Matcher
from tests.notify.desk import CHARA, KIMERA, subscription
from tests.store.builders import World, page


def test_a_page_that_comes_while_its_change_is_matched_waits_and_is_looked_at_next(world: World) -> None:
    world.run([CHARA])
    world.run([CHARA, KIMERA])
    refused: list[str] = []
    with closing(sqlite3.connect(world.home / "stemwatch.db", timeout=0, isolation_level=None)) as other:

        def clock() -> datetime:
            """Each time that the matcher looks at it, somebody else tries to write."""
            try:
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
            except sqlite3.OperationalError as error:
                refused.append(str(error))
            return world.now

        desk = Audience([subscription(channel="json://desk.example")], {}, {})
        assert Matcher(world.store, desk, clock).match() == 1
    assert refused == ["database is locked"]
    world.run([CHARA, KIMERA], page(KIMERA, "umbilical cord blood"))
    assert [change.late for change in world.store.unmatched()] == [True]
