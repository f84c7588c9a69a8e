"""Prints the events among the notices that are held: python -m bench.events_eval [REPLICA_DIR]

Every notice of the stand-in for the regulators' sites beside the checkout is applied to a store, as a crawl does.
Each event stands with its notices, to be read: no two cases may be in one. `case_id` of the labels is shown where
a notice has one. Ends with 1 when an event has two of them, with 0 and a note when there is no stand-in.
"""

import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.clinics_data import filled
from bench.relevance_data import REPLICA, truth
from stemwatch.views import NoticeView


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else REPLICA
    if not (folder / "truth-dev.csv").is_file():
        print("No stand-in for the regulators' sites here: nothing measured.")
        return 0
    labels = {url: row["case_id"] for url, row in truth(folder).items()}
    found: dict[str, list[NoticeView]] = defaultdict(list)
    labelled: dict[str, list[NoticeView]] = defaultdict(list)
    with TemporaryDirectory() as home, filled(Path(home), folder) as store:
        for notice in store.all_notices():
            if notice.event:
                found[notice.event].append(notice)
            if labels.get(notice.url):
                labelled[labels[notice.url]].append(notice)
    wrong = sum(len(_told(members, labels)) > 1 for members in found.values())
    print(f"{len(found)} events of {sum(map(len, found.values()))} notices, {wrong} with two labelled cases")
    _missed(labelled)
    return int(wrong > 0)


def _told(members: list[NoticeView], labels: dict[str, str]) -> set[str]:
    """Prints one event; returns the labelled cases in it."""
    cases = {labels.get(notice.url, "") for notice in members} - {""}
    print(f"\n{members[0].event}  {', '.join(sorted(cases))}")
    for notice in members:
        on = notice.issued_on or notice.posted_on
        print(f"  {on}  {notice.source}  {notice.stage or '-'}  {notice.relevance.label}  {notice.title}")
    return cases


def _missed(labelled: dict[str, list[NoticeView]]) -> None:
    print("\nLabelled cases with notices of several sources that are not one event")
    for case, members in sorted(labelled.items()):
        if len({notice.source for notice in members}) > 1 and len({notice.event for notice in members}) > 1:
            for notice in members:
                on = notice.issued_on or notice.posted_on
                print(f"  {case}  {on}  {notice.source}  {notice.stage or '-'}  {notice.title}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
