"""A process that works on a data folder without a pause: runs come in, their news are sent and acknowledged.

`python -m tests.scheduler.busy HOME` prints the number of each delivery once its acknowledgement is stored.
"""

import sys
from datetime import timedelta
from itertools import count
from pathlib import Path

from stemwatch.deliveries import Owed, Settled
from tests.store.builders import World, letter, page


def main(home: Path) -> None:
    rows = []
    with World(home) as world:
        for number in count():
            rows.append(letter(f"firm-{number}", f"Firm {number}"))
            world.run(rows, page(rows[-1], f"We inspected firm {number}."))
            changes = [change.change for change in world.store.unmatched()]
            debts = [
                Owed(subscription="press", change=one, identity=f"change-{one}", kind="at_once", due_at=world.now)
                for one in changes
            ]
            world.store.enqueue(debts, changes, world.now)
            lease = world.now + timedelta(minutes=5)
            for delivery in world.store.claim(now=world.now, lease_until=lease, limit=10):
                sent = Settled(outcome="sent", delivery=delivery.id, subscription="press", at=world.now)
                world.store.settle([sent])
                sys.stdout.write(f"{delivery.id}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
