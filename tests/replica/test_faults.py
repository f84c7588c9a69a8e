"""What goes wrong on the way to FDA: every fault has a name, changes nothing, and is caught up with."""

from typing import Any

import pytest

from bench.replica import Replica
from bench.watching import Watcher

AJAX, WAYS, LETTERS = "www.fda.gov/datatables", "www.fda.gov/(datatables|views)", "warning-letters/.*-"
NEXT = "2021-03-16"

FAULTS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("blocked", "akamai_block", WAYS, {}),
    ("blocked", "akamai_block", "www.fda.gov/robots.txt", {}),
    ("blocked", "akamai_block", LETTERS, {}),
    ("blocked", "interstitial_200", WAYS, {}),
    ("blocked", "interstitial_200", "compliance-actions", {}),
    ("blocked", "interstitial_200", LETTERS, {}),
    ("blocked", "wrong_type", WAYS, {}),
    ("blocked", "status", AJAX, {"args": {"code": 403}}),
    ("blocked", "status", AJAX, {"args": {"code": 429, "retry_after": 30}}),
    ("partial", "status", AJAX, {"args": {"code": 500}}),
    ("partial", "status", AJAX, {"args": {"code": 404}}),
    ("unreachable", "status", WAYS, {"args": {"code": 503}}),
    ("unreachable", "status", "www.fda.gov/robots.txt", {"args": {"code": 500}}),
    ("unreachable", "status", LETTERS, {"args": {"code": 500}}),
    ("unreachable", "drop", WAYS, {}),
    ("unreachable", "drop", WAYS, {"args": {"when": "body"}}),
    ("unreachable", "truncated", WAYS, {}),
    ("unreachable", "truncated", WAYS, {"args": {"content_length": "full"}}),
    ("unreachable", "slow", WAYS, {"args": {"delay": 3}}),
    ("unreachable", "redirect_loop", WAYS, {}),
    ("empty", "empty_listing", WAYS, {}),
    ("partial", "short_listing", AJAX, {}),
    ("partial", "short_listing", WAYS, {"args": {"keep_total": False}}),
    ("layout_changed", "garbage", WAYS, {}),
    ("layout_changed", "wrong_type", WAYS, {"args": {"html": False}}),
    ("layout_changed", "renamed_columns", WAYS, {}),
    ("layout_changed", "layout_change", WAYS, {"args": {"rename": {"recordsTotal": "total", "data": "html"}}}),
    ("layout_changed", "layout_change", LETTERS, {}),
    ("layout_changed", "huge_body", WAYS, {"args": {"mb": 100}}),
    ("layout_changed", "hostile", LETTERS, {}),
    ("partial", "hostile", AJAX, {}),
]


def name(fault: tuple[str, str, str, dict[str, Any]]) -> str:
    verdict, kind, match, more = fault
    details = "-".join(str(value) for value in more.get("args", {}).values())
    return f"{kind}-{match.split('/')[-1].strip('.*()-')}-{details}-is-{verdict}".replace("--", "-")


@pytest.mark.parametrize("fault", FAULTS, ids=name)
def test_a_fault_is_named_changes_nothing_false_and_is_caught_up_with(
    fault: tuple[str, str, str, dict[str, Any]], watcher: Watcher, replica: Replica
) -> None:
    verdict, kind, match, more = fault
    before = replica.listed()
    replica.move(NEXT)
    watcher.set(NEXT)
    replica.fault(kind, match, **more)
    during = watcher.crawl(recheck=True, details=30)
    assert during.verdict == verdict, during.reason
    assert during.edited == during.delisted == during.relisted == during.reissued == 0
    replica.clear_faults()
    after = watcher.crawl(details=1000)
    assert after.verdict == "ok", after.reason
    assert after.seen == replica.listed()
    changes = watcher.changes()
    added = [change.notice for change in changes if change.verb == "added"]
    assert len(added) == len(set(added)) == replica.listed() - before
    assert {change.verb for change in changes} <= {"added", "closed_out"}
