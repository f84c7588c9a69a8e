"""Bring a release of Stemwatch up to date: python apply_delta.py OLD DELTA NEW

OLD is the folder of a release, DELTA that of the next one (its delta.jsonl and delta.json are enough), NEW a new
folder for the JSON Lines files of the next release. Needs Python 3.11 and nothing else. Copy it and change it.
"""

import hashlib
import json
import sys
from pathlib import Path

KEYS = {
    "sources": ["source"],
    "notices": ["notice"],
    "changes": ["change"],
    "clinics": ["clinic"],
    "clinic_names": ["clinic", "name"],
    "relations": ["clinic", "other", "relation"],
    "labels": ["notice"],
    "captures": ["file", "offset"],
    "evidence": ["notice", "role"],
}


def apply(old: Path, delta: Path, new: Path) -> None:
    about = json.loads((delta / "delta.json").read_text(encoding="utf-8"))
    if hashlib.sha256((old / "SHA256SUMS").read_bytes()).hexdigest() != about["since_sha256"]:
        sys.exit(f"{delta} leads on from the release {about['since']}, which {old} is not.")
    new.mkdir()
    for table, names in KEYS.items():
        rows = {}
        path = old / f"{table}.jsonl"
        for line in path.read_bytes().splitlines(keepends=True) if path.exists() else []:
            row = json.loads(line)
            rows[tuple(row[name] for name in names)] = line
        with (delta / "delta.jsonl").open("rb") as lines:
            for line in lines:
                entry = json.loads(line)
                if entry["table"] != table:
                    continue
                if entry["step"] == "removed":
                    del rows[tuple(entry["key"])]
                else:  # the row stands last, and is taken letter by letter
                    rows[tuple(entry["key"])] = line.split(b',"row":', 1)[1][:-2] + b"\n"
        with (new / f"{table}.jsonl").open("wb") as file:
            file.writelines(rows[key] for key in sorted(rows))


if __name__ == "__main__":
    apply(*map(Path, sys.argv[1:]))
