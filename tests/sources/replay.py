"""Crawls of recorded moments through the real worker, and what they leave behind."""

import atexit
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import copytree
from typing import Any

import msgspec

from scheduler.workers import Workers
from spiders.common.job import Job, save_job
from stemwatch.bundle import Bundle, Report
from stemwatch.reading import Known
from stemwatch.records import AnyRecord, Capture, plain

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = Path(__file__).resolve().parent
MOST_SECONDS = 60
WORKERS = Workers()
"""Those that do one crawl of the tests after another: a process costs a second, a crawl some milliseconds."""
atexit.register(WORKERS.stop)

NOT_COMPARED = ("capture", "read_at", "looked_at")
"""Fields that say how and when we looked, not what the regulator published."""


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an address answers instead of the recorded response."""

    status: int
    headers: dict[str, str] = {}
    body: str = ""


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way in which a source refuses or fails, and what must come of it.

    `asked` are the last parts of the addresses asked, in order; `listed` says whether records of the list remain.
    """

    says: str
    url: str
    answer: Answer
    verdict: str
    asked: tuple[str, ...]
    retry_after: int = 0
    listed: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a crawl left: its report and everything it recorded, in order."""

    report: Report
    everything: tuple[AnyRecord, ...]

    @property
    def records(self) -> list[dict[str, Any]]:
        """What the regulator published, as the golden file holds it."""
        found = [plain(record) for record in self.everything if not isinstance(record, Capture)]
        return [{name: record[name] for name in record if name not in NOT_COMPARED} for record in found]

    @property
    def asked(self) -> tuple[str, ...]:
        """The last part of each address that answered, robots.txt apart."""
        captures = [record for record in self.everything if isinstance(record, Capture)]
        return tuple(capture.url.partition("?")[0].rsplit("/", 1)[1] for capture in captures)


def crawl(moment: Path, source: str, folder: Path, *, way: str | None = None) -> Outcome:
    """Crawl `source` as it was at a recorded moment; `folder` takes what the worker needs and leaves."""
    job = job_of(moment, source, folder, way=way)
    trouble = WORKERS.crawl(folder / "job.json", lambda told: None, MOST_SECONDS)
    assert not trouble, trouble
    return outcome(job)


def golden(source: str) -> Path:
    """The file of what a source's recorded moment is expected to give."""
    return FIXTURES / source / "expected.jsonl"


def write_golden(source: str, outcome: Outcome) -> Path:
    """Expect from now on what was read; whoever does so answers for each line in the diff."""
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in outcome.records)
    golden(source).write_text("".join(lines), encoding="utf-8")
    return golden(source)


def job_of(moment: Path, source: str, folder: Path, **more: Any) -> Job:
    """A crawl of a recorded moment with the options it was recorded with, written into `folder` for a worker."""
    folder.mkdir()
    known = moment / "known.json"
    if not known.exists():
        known = folder / "known.json"
        known.write_bytes(msgspec.json.encode(Known(source=source)))
    recorded = json.loads((moment / "moment.json").read_text(encoding="utf-8"))
    job = Job(
        run=f"replay-{source}",
        source=source,
        started_at=datetime.fromisoformat(recorded["at"]),
        known=str(known),
        folder=str(folder / "work"),
        inbox=str(folder / "inbox"),
        user_agent="Mozilla/5.0 (compatible; Stemwatch/test)",
        replay=str(moment),
        **{**recorded.get("options", {}), **more},
    )
    save_job(job, folder / "job.json")
    return job


def outcome(job: Job) -> Outcome:
    """What a worker left of a job."""
    bundle = Bundle(job.inbox_path / f"{job.run}.bundle")
    return Outcome(bundle.report, tuple(record for record, _ in bundle.lines()))


def work(folders: Sequence[Path]) -> None:
    """Run one worker on the jobs in these folders. It ends when its standard input does, so that stays open."""
    command = [sys.executable, "-m", "spiders.worker", *(str(folder / "job.json") for folder in folders)]
    environment = {"PATH": os.environ["PATH"]}
    log = folders[0] / "log"
    with log.open("wb") as stream:
        worker = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=stream
        )
        code = worker.wait(timeout=MOST_SECONDS)
    assert worker.stdin is not None
    worker.stdin.close()
    assert code == 0, log.read_text(encoding="utf-8")


def faults(source: str) -> Iterator[Fault]:
    """The faults that a source's fixture describes."""
    path = FIXTURES / source / "faults.toml"
    if path.exists():
        yield from msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8"))["faults"], list[Fault])


def broken(moment: Path, fault: Fault, copy: Path) -> Path:
    """A copy of a moment in which one address answers otherwise."""
    copytree(moment, copy)
    path = copy / "moment.json"
    recorded = json.loads(path.read_text(encoding="utf-8"))
    others = [response for response in recorded["responses"] if response["url"] != fault.url]
    assert len(others) == len(recorded["responses"]) - 1, f"{fault.url} was not recorded"
    (copy / "fault").write_text(fault.answer.body, encoding="utf-8")
    answer = {"url": fault.url, "status": fault.answer.status, "headers": fault.answer.headers, "file": "fault"}
    path.write_text(json.dumps({**recorded, "responses": [*others, answer]}), encoding="utf-8")
    return copy
