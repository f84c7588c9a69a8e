"""Stored evidence, read again: nothing comes of an unchanged parser, of a changed one exactly what it changes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scheduler.crawling import Options
from scheduler.jobs import crawl_and_apply
from scheduler.rereading import reparse
from scheduler.workers import Workers
from spiders.registry import spider_classes
from stemwatch.bundle import Report, seal
from stemwatch.errors import StemwatchError
from stemwatch.views import RereadView
from tests.scheduler.conftest import NAME, ROOT, Run, house_of
from tests.sources.replay import FIXTURES, WORKERS

LATER = "2025-02-01T00:00:00+00:00"
PLANTED = """
import sys; sys.path.insert(0, {root!r})
import spiders.us_fda_warning_letters as source
from stemwatch.records import msgspec

Spider, replace = source.UsFdaWarningLetters, msgspec.structs.replace
read_row, read_page = Spider.parse_row, Spider.parse_page

def parse_row(cls, row):
    listed = read_row(row)
    {row}
    return listed

def parse_page(self, response, listed, page):
    page = read_page(self, response, listed, page)
    {page}
    return page

Spider.parse_row, Spider.parse_page = classmethod(parse_row), parse_page
Spider.source = replace(Spider.source, revision={revision})
"""
"""A changed parser, as the module that Python imports first of all, so that the worker has it, too."""

SUBJECT = """if listed.key.startswith("chara"):
        fields = {**listed.fields, "subject": "Read otherwise"}
        listed = replace(listed, fields=fields, url=listed.url + "/").stamped()"""
LABEL = """if listed.key.startswith("kimera"):
        page = replace(page, label="LETTER", text=page.text + "\\nRead to the end.")"""


def read_again(home: Path, *, keep: bool, source: str = NAME, workers: Workers = WORKERS) -> RereadView:
    house = house_of(home, LATER)
    with house.store() as store:
        return reparse(house, store, source, lambda told: None, workers, keep=keep)


@contextmanager
def planted(
    folder: Path, patch: pytest.MonkeyPatch, row: str = "", page: str = "", revision: int = 1
) -> Iterator[Workers]:
    """Workers that read rows and pages as if the repository held these lines."""
    code = PLANTED.format(root=str(ROOT), row=row, page=page, revision=revision)
    (folder / "planted").mkdir()
    (folder / "planted" / "sitecustomize.py").write_text(code, encoding="utf-8")
    with patch.context() as patched, Workers() as workers:
        patched.setenv("PYTHONPATH", str(folder / "planted"))
        yield workers


def content(home: Path) -> list[object]:
    """All that is stored, row by row."""
    with house_of(home).store() as store:
        tables = sorted(set(store.db.table_names()) - {"sqlite_sequence"})
        return [(table, *row) for table in tables for row in store.db.execute(f"SELECT * FROM [{table}]")]


def waiting(home: Path) -> int:
    with house_of(home).store() as store:
        return len(store.unmatched())


def test_an_unchanged_parser_changes_nothing(moved: Path) -> None:
    before = content(moved)
    view = read_again(moved, keep=True)
    assert (view.notices, view.pages, view.changes, view.unread) == (63, 65, (), ())
    assert content(moved) == before
    assert list((moved / "work").iterdir()) == []
    assert list((moved / "inbox").iterdir()) == []


def test_a_changed_parser_changes_what_it_reads_otherwise_and_nobody_is_told(
    moved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, told = content(moved), waiting(moved)
    with planted(tmp_path, monkeypatch, SUBJECT, LABEL, revision=2) as changed:
        tried = read_again(moved, keep=False, workers=changed)
        assert content(moved) == before
        view = read_again(moved, keep=True, workers=changed)
        assert view == tried
        assert read_again(moved, keep=True, workers=changed).changes == ()
    edits = {change.notice.partition("/")[2][:6]: change for change in view.changes}
    assert {(change.verb, change.cause) for change in view.changes} == {("edited", "parser")}
    assert {key: [edit.field for edit in change.edited] for key, change in edits.items()} == {
        "chara-": ["subject", "url"],
        "kimera": ["label", "text"],
    }
    assert edits["chara-"].edited[0].new == "Read otherwise"
    assert edits["kimera"].diff[-1] == "+Read to the end."
    assert waiting(moved) == told
    with house_of(moved).store() as store:
        assert list(store.verify()) == []
        assert [view.verdict for view in store.source_views(house_of(moved).every) if view.verdict] == ["ok"]


def test_what_a_parser_cannot_read_any_more_is_told_and_stands_as_it_was(
    moved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(moved)
    with planted(tmp_path, monkeypatch, 'if listed.key.startswith("kimera"): raise ValueError("no")') as failing:
        view = read_again(moved, keep=True, workers=failing)
    (sentence,) = view.unread
    assert sentence.startswith("kimera-labs-inc-649343-09012023: The list that gave it no longer does.")
    assert view.changes == ()
    assert content(moved) == before


def test_a_parser_that_fails_altogether_is_a_sentence(
    moved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(moved)
    with (
        planted(tmp_path, monkeypatch, page='raise RuntimeError("planted")') as failing,
        pytest.raises(StemwatchError, match="could not be read again: RuntimeError: planted"),
    ):
        read_again(moved, keep=True, workers=failing)
    assert content(moved) == before
    assert list((moved / "work").iterdir()) == []


def test_evidence_that_is_gone_is_told_by_name(moved: Path, run: Run) -> None:
    before = content(moved)
    for file in (moved / "evidence").iterdir():
        if "20250128" in file.name:
            file.unlink()
    done = run("reparse", NAME, "--json")
    assert done.code == 1
    assert "is missing" in done.err
    assert done.records == []
    assert content(moved) == before


def test_the_command_prints_what_would_change(
    moved: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with planted(tmp_path, monkeypatch, SUBJECT, LABEL):
        shown = run("reparse", NAME, "--dry-run")
        data = run("reparse", NAME, "--dry-run", "--json")
    assert shown.code == 0
    assert "chara-biologics-inc-698004-01172025: edited" in shown.out
    assert "-> 'Read otherwise'" in shown.out
    assert "2 changes, not written." in shown.err
    assert {record["cause"] for record in data.records} == {"parser"}


def test_a_bundle_of_evidence_read_again_is_not_applied_as_a_crawl(moved: Path, run: Run) -> None:
    house = house_of(moved)
    at = house.clock.now()
    report = Report(run="r-1", source=NAME, revision=1, started_at=at, finished_at=at, seconds=0.0, reread=True)
    (moved / "work" / "r").mkdir()
    seal(report, moved / "work" / "r", moved / "inbox")
    done = run("apply")
    assert done.code == 1
    assert "`stemwatch reparse` does that here" in done.err


@pytest.mark.parametrize("source", sorted(spider_classes()))
def test_every_source_reads_its_recorded_moment_the_same_from_evidence(source: str, home: Path) -> None:
    moment = FIXTURES / source
    recorded = json.loads((moment / "moment.json").read_text(encoding="utf-8"))
    house = house_of(home, recorded["at"])
    with house.store() as store:
        seen = crawl_and_apply(house, store, source, Options(replay=moment), lambda told: None, WORKERS).seen
        before = content(home)
        view = reparse(house, store, source, lambda told: None, WORKERS, keep=True)
    assert seen > 0
    assert (view.notices, view.changes, view.unread) == (seen, (), ())
    assert content(home) == before
