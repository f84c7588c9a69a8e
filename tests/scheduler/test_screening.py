"""stemwatch screen: a text from anywhere in, its claims out, and nothing else left behind."""

import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from scheduler.documents import read_stranger
from stemwatch.documents import Unreadable
from tests.scheduler.conftest import Run
from tests.stemwatch.documents.builders import pdf
from tests.store.builders import CHARA, NAME, World, page

CURE = "Our umbilical cord stem cells cure multiple sclerosis."
CANCER = "We do not treat cancer."
FLYER = f"Harbour Centre\n\n{CURE}\n\n{CANCER}\n"
LETTER = f"We looked at your website.\nOn your website, you claim: “{CURE}”\nPlease answer."
KEYS = "category grade quote start end disease product route precedents".split()


@pytest.fixture
def flyer(tmp_path: Path) -> Path:
    path = tmp_path / "flyer.txt"
    path.write_text(FLYER, encoding="utf-8")
    return path


@pytest.fixture
def acted(world: World) -> None:
    """A letter that quotes what the flyer says lies in the data folder of the command line."""
    world.run([CHARA], page(CHARA, LETTER))
    world.store.close()


# ---- what comes out


def test_json_is_one_claim_a_line_with_the_places_of_its_quote(run: Run, flyer: Path, acted: None) -> None:
    done = run("screen", flyer, "--json")
    assert done.code == 0
    assert [list(record) for record in done.records] == [KEYS] * len(done.records)
    for record in done.records:
        assert FLYER[record["start"] : record["end"]] == record["quote"]
    cure = next(record for record in done.records if record["category"] == "disease")
    assert (cure["quote"], cure["grade"], cure["disease"]) == (CURE, "asserts", "Multiple Sclerosis")
    assert cure["product"] == "umbilical_cord"
    (precedent,) = cure["precedents"]
    assert precedent["notice"] == f"{NAME}/{CHARA.key}"
    assert LETTER[precedent["start"] : precedent["end"]] == precedent["quote"]
    assert CURE in precedent["quote"]


def test_a_person_reads_grades_plain_words_precedents_and_the_limits(run: Run, flyer: Path, acted: None) -> None:
    done = run("screen", flyer)
    assert (done.code, done.err) == (0, "")
    told = done.out
    assert told.index("Said outright") < told.index(CURE) < told.index("Denied (1)") < told.index(CANCER)
    assert "treatment of a disease: Multiple Sclerosis; umbilical cord" in told
    assert "FDA warning letter to Chara Biologics, Inc., 17 January 2025: " in told
    assert f"(show: stemwatch show {NAME}/{CHARA.key})" in told
    assert told.count("stemwatch show") == len((CURE, CANCER))
    assert "The matter may have been resolved since" in told
    assert "1 notice of 1 source, the newest of 28 January 2025" in told
    assert "not legal advice" in told
    assert "does not mean that a text is lawful" in told


def test_no_precedents_are_named_when_none_are_wanted(run: Run, flyer: Path, acted: None) -> None:
    done = run("screen", flyer, "--json", "--precedents", "0")
    assert done.err == ""
    assert all(record["precedents"] == [] for record in done.records)


def test_without_notices_claims_are_found_and_no_folder_is_made(run: Run, flyer: Path, home: Path) -> None:
    done = run("screen", flyer, "--json")
    assert (done.code, len(done.records) > 1) == (0, True)
    assert all(record["precedents"] == [] for record in done.records)
    assert "they need notices, and there are none" in done.err
    assert not home.exists()


def test_a_database_without_notices_says_the_same(run: Run, flyer: Path, world: World) -> None:
    done = run("screen", flyer)
    assert (done.code, CURE in done.out) == (0, True)
    assert "they need notices, and there are none" in done.err


def test_a_text_without_claims_is_no_error_and_no_clean_bill(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "plain.txt"
    path.write_text("The library opens at nine.\n")
    done = run("screen", path, "--precedents", 0)
    assert (done.code, "No claims were found" in done.out) == (0, True)
    assert "does not mean that a text is lawful" in done.out
    assert run("screen", path, "--json").out == ""


def test_the_reports_are_written(run: Run, flyer: Path, tmp_path: Path, acted: None) -> None:
    done = run("screen", flyer, "--html", tmp_path / "report.html")
    assert (done.code, done.out) == (0, "")
    assert "The report is" in done.err
    assert (tmp_path / "report.html").read_text(encoding="utf-8").count(CURE) >= 2
    assert run("screen", flyer, "--markdown").out.startswith("# Claims in ")


# ---- what goes in


def test_html_and_pdf_are_read_for_what_they_show(run: Run, tmp_path: Path) -> None:
    files = {
        "page.html": f"<title>T</title><script>var a = '{CANCER}'</script><p>{CURE}</p>".encode(),
        "flyer.pdf": pdf([CURE]),
        "unnamed": pdf([CURE]),
        "utf16.txt": CURE.encode("utf-16"),
    }
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
        assert {record["quote"] for record in run("screen", tmp_path / name, "--json").records} == {CURE}, name


def test_standard_input_is_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(FLYER.encode())))
    done = run("screen", "-", "--json")
    assert CURE in {record["quote"] for record in done.records}


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("empty.txt", b"", "is empty"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(99), "is a picture"),
        ("random.txt", os.urandom(5000), "binary data"),
        ("scan.pdf", pdf([]), "is a scan"),
        ("locked.pdf", pdf([CURE], password="secret"), "locked with a password"),
        ("cut.pdf", pdf([CURE])[:-99], "broken or cut off"),
        ("long.txt", b"word " * 1_000_000, "more than 2,000,000 characters"),
        ("huge.txt", bytes(20_000_001), "larger than 20 MB"),
        ("script.html", b"<html><script>x()</script>", "shows no text"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(run: Run, tmp_path: Path, name: str, body: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(body)
    done = run("screen", tmp_path / name)
    assert (done.code, done.out) == (1, "")
    assert why in done.sentence
    assert name in done.sentence


def test_what_is_no_file_is_one_sentence(run: Run, tmp_path: Path) -> None:
    assert "There is no file nowhere" in run("screen", "nowhere").sentence
    assert "begins with https://" in run("screen", "www.example.org").sentence
    assert "cannot be read: Is a directory" in run("screen", tmp_path).sentence
    assert "Is a directory" in run("screen", "").sentence


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["http://127.0.0.1:8080/"], 1, "is not an address of the open Internet"),
        (["http://localhost/"], 1, "is not an address of the open Internet"),
        (["HTTPS://[::1]/x"], 1, "is not an address of the open Internet"),
        (["ftp://example.org/"], 2, "only addresses with http:// or https://"),
        (["http://me:CANARY@example.org/"], 2, "name or password"),
        (["-", "--json", "--markdown"], 2, "Choose one of --json, --markdown and --html"),
        (["-", "--precedents", "21"], 2, "21"),
        ([], 2, "FILE|URL|-"),
    ],
)
def test_what_was_asked_wrongly_or_is_not_done_is_named(
    run: Run, home: Path, arguments: list[str], code: int, why: str
) -> None:
    done = run("screen", *arguments)
    assert (done.code, why in done.sentence) == (code, True)
    assert "CANARY" not in done.err
    assert not home.exists()


def test_no_report_replaces_the_text_itself_or_goes_where_it_cannot(run: Run, flyer: Path, tmp_path: Path) -> None:
    assert run("screen", flyer, "--html", flyer).code == 2
    assert flyer.read_text(encoding="utf-8") == FLYER
    done = run("screen", flyer, "--html", tmp_path / "none" / "report.html")
    assert (done.code, "cannot be written" in done.err) == (1, True)


def test_words_of_a_stranger_do_nothing_to_the_terminal(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "flyer.txt"
    path.write_text(f"\x1b]0;owned\x07[bold red]{CURE[:-1]} \u202efor ever[/] \x1b[2J.\n", encoding="utf-8")
    done = run("screen", path, "--precedents", "0")
    assert done.code == 0
    assert not {"\x1b", "\x07", "\u202e"} & set(done.out)
    assert "[bold red]" in done.out


# ---- in bounds


def bomb() -> bytes:
    """One element with so many attributes that the parser takes minutes: each is compared with all before."""
    return b"<html><p " + b" ".join(b"a%d=1" % number for number in range(300_000)) + b">text"


def test_a_page_that_takes_too_long_is_left() -> None:
    with pytest.raises(Unreadable, match="page takes more time or memory"):
        read_stranger(bomb(), name="page", seconds=1)
