"""The CSV files of a release in LibreOffice: it runs nothing of them, and has every text as it was."""

import csv
import re
import shutil
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.publish.conftest import Export

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="needs LibreOffice: apt-get install libreoffice-calc"
)
# https://help.libreoffice.org/latest/en-US/text/shared/guide/csv_params.html: comma, quotation mark, UTF-8.
READ = "Text - txt - csv (StarCalc):44,34,76,1"
AS_TEXT = f"{READ},{'/'.join(f'{column}/2' for column in range(1, 60))}"
_FORMULA = re.compile(r'table:formula="([^"]*)"')


def converted(read: str, to: str, files: list[Path], folder: Path) -> dict[str, Path]:
    """The files as LibreOffice has them when it reads them so, by their names without ending."""
    made = folder / "converted"
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", f"--infilter={read}"]
    subprocess.run([*command, "--convert-to", to, "--outdir", made, *files], check=True, capture_output=True)
    return {path.stem: path for path in made.iterdir()}


def rows(path: Path) -> list[list[str]]:
    """Cells, with each kind of line break as the one that LibreOffice makes of them."""
    with path.open(encoding="utf-8", newline="") as file:
        return [[re.sub("\r\n?", "\n", cell) for cell in row] for row in csv.reader(file)]


def test_no_cell_is_a_formula_though_libreoffice_looks_for_them(export: Export, tmp_path: Path) -> None:
    release = export().folder
    bare = tmp_path / "bare.csv"
    bare.write_text("name\n=1+1\n", encoding="utf-8")
    made = converted(READ, "ods", [bare, *release.glob("*.csv")], tmp_path)
    formulas = {name: _FORMULA.findall(ZipFile(path).read("content.xml").decode()) for name, path in made.items()}
    assert formulas.pop("bare") == ["of:=1+1"]
    assert formulas == {path.stem: [] for path in release.glob("*.csv")}


def test_every_text_is_as_it_was(export: Export, tmp_path: Path) -> None:
    release = export().folder
    made = converted(AS_TEXT, f"csv:{READ},,0,true,false", list(release.glob("*.csv")), tmp_path)
    for path in release.glob("*.csv"):
        assert rows(made[path.stem]) == rows(path)
