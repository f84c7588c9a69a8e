"""The store: one SQLite database and the evidence beside it. The only home of sqlite-utils."""

from stemwatch.store.searching import Search
from stemwatch.store.store import Store

__all__ = ["Search", "Store"]
