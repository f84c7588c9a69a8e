"""stemwatch export: a release of what is stored, with Parquet where what writes it is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scheduler.conftest import Run

ABSENT = "import sys; sys.modules['pyarrow'] = None; "
RUN = "from scheduler.cli import main; main()"


@pytest.mark.parametrize("absent", [False, True], ids=["installed", "absent"])
def test_an_export_has_parquet_files_or_says_how_to_have_them(tmp_path: Path, absent: bool) -> None:
    environ = {**os.environ, "STEMWATCH_HOME": str(tmp_path / "data"), "STEMWATCH_NOW": "2026-01-27T06:00:00Z"}
    result = subprocess.run(
        [sys.executable, "-c", ABSENT + RUN if absent else RUN, "export", "releases"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == "releases/2026-01-27\n"
    folder = tmp_path / "releases" / "latest"
    assert (folder / "notices.parquet").exists() is not absent
    assert ("install Stemwatch with its extra `parquet`" in result.stderr) is absent
    assert (folder / "sources.csv").read_text(encoding="utf-8").count("us_fda_warning_letters") == 1


def test_verify_looks_at_releases_and_backups_where_it_is_told_to(run: Run, filled: Path, tmp_path: Path) -> None:
    releases, backups = tmp_path / "releases", tmp_path / "backups"
    assert run("export", releases).code == run("backup", backups).code == 0
    everything = ("verify", "--releases", releases, "--backups", backups)
    done = run(*everything)
    assert (done.code, done.err) == (0, "The database and its evidence, releases, backups hold.\n")
    (backup,) = backups.iterdir()
    for planted in (releases / "latest" / "notices.csv", backup / "stemwatch.db"):
        planted.write_bytes(planted.read_bytes() + b"!")
    done = run(*everything)
    assert (done.code, len(done.out.splitlines())) == (1, 2)
    assert run("verify").code == 0
    assert run("export", filled / "releases").code == 0
    (filled / "releases" / "latest" / "README.txt").write_text("planted")
    assert run("verify").out.endswith("README.txt was altered.\n")
    (filled / "releases").rename(tmp_path / "elsewhere")
    assert run("verify", "--backups", releases).out == f"There is no backup in {releases}.\n"
