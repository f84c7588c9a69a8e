"""GOV.UK withdraws a document by a notice on its page: that closes a matter, and takes nothing off the list."""

from pathlib import Path

from bench.replica import Replica
from bench.watching import Watcher
from scheduler.workers import Workers

SOURCE = "gb_mhra_alerts"
ALERT = "https://www.gov.uk/drug-device-alerts/warning-private-cell-therapy-offered-harrfallow-regen"


def test_a_withdrawn_alert_is_closed_once_and_stays_listed(
    replica: Replica, workers: Workers, tmp_path: Path
) -> None:
    replica.move("2025-09-01")
    watcher = Watcher(tmp_path / "data", replica, workers=workers)
    assert watcher.crawl(SOURCE).verdict == "ok"
    replica.post("/_replica/edit", {"op": "close_out", "url": ALERT, "date": "2025-09-02"})
    for day in range(2, 8):
        replica.move(f"2025-09-0{day}")
        watcher.set(f"2025-09-0{day}")
        assert watcher.crawl(SOURCE).verdict == "ok"
    with watcher.house.store() as store:
        (notice,) = [notice for notice in store.notices() if notice.url == ALERT]
    assert {change.verb for change in watcher.changes()} == {"edited", "closed_out"}
    assert len(watcher.changes()) == 2
    assert (notice.stage, notice.status, str(notice.closed_out_on)) == ("closed", "listed", "2025-09-02")
