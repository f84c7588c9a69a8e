"""Accepts what a recorded moment gives now: `make bless SOURCE=us_ftc_press_releases`. The diff shows it."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from spiders.registry import spider_classes
from tests.sources.replay import FIXTURES, job_of, outcome, work, write_golden


def bless(*sources: str) -> list[Path]:
    """Replay sources' moments and expect what they give. SystemExit when a replay does not come to its end."""
    if unknown := set(sources) - set(spider_classes()):
        sys.exit(f"There is no source {', '.join(sorted(unknown))}.")
    with TemporaryDirectory() as scratch:
        jobs = {name: job_of(FIXTURES / name, name, Path(scratch) / name) for name in sources}
        work([Path(job.folder).parent for job in jobs.values()])
        outcomes = {name: outcome(job) for name, job in jobs.items()}
    for name, read in outcomes.items():
        if read.report.stopped is not None:
            sys.exit(f"The replay of {name} ended {read.report.stopped}: {read.report.reason}")
    return [write_golden(name, read) for name, read in outcomes.items()]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Name the source: make bless SOURCE=us_ftc_press_releases")
    for path in bless(*sys.argv[1:]):
        print(f"{path} holds what was read now: look at each line before keeping it.")
