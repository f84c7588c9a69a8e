"""Whether there may be something to send. The service asks every second, so that it costs next to nothing."""

from time import monotonic

from scheduler.house import House
from stemwatch.store import Store

PATIENCE_S = 15.0
"""Time alone opens windows of digests and makes links old: so often there is a look in any case."""


class Lookout:
    """Watches the tables on a connection of its own, in one thread, as long as the service lives."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._store: Store | None = None
        self._version = 0
        self._looked = 0.0

    def news(self) -> bool:
        """Whether, since this was last so, anything was written, something fell due, or much time passed."""
        store = self._store = self._store or self._house.store()
        version, due = store.version, store.next_due()
        old = monotonic() - self._looked >= PATIENCE_S
        if not old and version == self._version and (due is None or due > self._house.clock.now()):
            return False
        self._version, self._looked = version, monotonic()
        return True
