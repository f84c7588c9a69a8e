"""A site as files, beside writing the same bytes to as many files: python -m bench.static_speed [NOTICES]

10,000 notices unless told otherwise, each with a page of a letter's length, one in ten about such treatments. It
ends with 1 when the first export takes more than 60 s, or one after a change of one notice more than 2 s.
"""

import resource
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.listing import FIRST_RUN
from bench.measure import in_child, tell, timed
from bench.release_speed import fill
from publish.export.export import Exported, export_site
from publish.export.folder import OWN
from publish.site.site import Site
from scheduler.clock import Clock
from spiders.registry import sources
from stemwatch.cadence import Cadence
from stemwatch.store import Store

NOTICES, MOST_SECONDS, MOST_AGAIN = 10_000, 60.0, 2.0
_RELEVANT = "UPDATE notices SET label = 'relevant', score = 1 WHERE id % 10 = 0"
_CHANGE = "UPDATE notices SET closed_out_on = '2026-01-05', closed_out_url = url || '-closeout' WHERE id = 10"


def site(home: Path) -> Site:
    known = sources()
    every = dict.fromkeys(known, Cadence(timedelta(hours=6)))
    return Site(home, known, every, Clock(FIRST_RUN).now, static=True)


def export(home: Path) -> tuple[float, float, Exported]:
    """Seconds of an export of `home`, those of the processor with all imports, and what it did."""
    done: list[Exported] = []
    seconds = timed(lambda: done.append(export_site(site(home), home / "site", lambda *step: None)))
    return seconds, processor(), done[0]


def processor() -> float:
    """Seconds of the processor that this process and those that it started have taken."""
    taken = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in taken)


def copied(home: Path) -> float:
    """The floor: the same bytes written to as many files."""
    found = [path for path in (home / "site").rglob("*") if path.is_file() and OWN not in path.parts]
    bodies = {path.relative_to(home / "site"): path.read_bytes() for path in found}

    def write() -> None:
        for name, body in bodies.items():
            path = home / "floor" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)

    return timed(write)


def execute(home: Path, sql: str) -> None:
    with Store(home, sources()) as store:
        store.db.execute(sql)


def main() -> int:
    count = int(sys.argv[1]) if sys.argv[1:] else NOTICES
    with TemporaryDirectory() as folder:
        home = Path(folder)
        tell(f"Storing {count:,} notices")
        fill(home, count)
        execute(home, _RELEVANT)
        tell("Exporting")
        (first, busy, made), peak = in_child(export, home)
        (idle, _, nothing), _ = in_child(export, home)
        execute(home, _CHANGE)
        (again, little, changed), _ = in_child(export, home)
        floor = copied(home)
    print(
        f"{count:8,} notices, {made.files:,} files, {peak:.0f} MB (in brackets: processor's seconds, with imports)"
    )
    print(f"  {'all':12} {first:6.2f} s ({busy:.1f}), {first / floor:.1f} times the floor of {floor:.2f} s")
    print(f"  {'one changed':12} {again:6.2f} s ({little:.1f}), {changed.written} of {changed.rendered} written")
    print(f"  {'nothing new':12} {idle:6.2f} s, {nothing.written} of {nothing.rendered} written")
    met = first * NOTICES / count <= MOST_SECONDS and again <= MOST_AGAIN
    told = f"at most {MOST_SECONDS:.0f} s for {NOTICES:,} and {MOST_AGAIN:.0f} s when one changed"
    print(f"{'met' if met else 'MISSED'}: {told}")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
