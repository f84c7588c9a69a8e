"""A store over plain dicts: the contract of `stemwatch.flow` without a database.

It serves tests alone, since nothing outlives its process. Left out is what the flow does not ask for: clinics,
events, search, evidence, sign-up, the operator's reports.
"""

from tests.store.memory.store import MemoryStore
from tests.store.memory.tables import Shelf

__all__ = ["MemoryStore", "Shelf"]
