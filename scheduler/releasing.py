"""A release of what the store holds, as `stemwatch export`, the demo and the service write it."""

from pathlib import Path

from publish.releases.parquet import available
from publish.releases.release import Content, Progress, Release, write_release
from scheduler.house import House
from stemwatch.store import Store


def release(house: House, store: Store, folder: Path, progress: Progress) -> Release:
    """Write a release of one state of the store below `folder`; with Parquet where what writes it is installed."""
    with store.snapshot():
        content = Content(
            sources=store.source_rows(house.every),
            tables={
                "notices": store.all_notices,
                "changes": store.changes,
                "clinics": store.clinic_rows,
                "clinic_names": store.clinic_names,
                "relations": store.relations,
                "labels": store.decisions,
                "captures": store.captures,
                "evidence": store.evidence,
            },
            texts=store.texts,
        )
        return write_release(folder, content, now=house.clock.now(), progress=progress, parquet=available())
