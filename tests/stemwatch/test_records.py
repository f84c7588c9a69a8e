"""Records travel as JSON lines; fingerprints cover what a reader would notice, and nothing else."""

from datetime import date

import msgspec
import pytest

from stemwatch.records import Capture, Listed, Look, Page, decode, encode, fingerprint
from tests.store.builders import CHARA, START, changed, look, page

CAPTURE = Capture(sha256="0" * 64, url=CHARA.url, fetched_at=START, status=200, offset=0, length=10)


@pytest.mark.parametrize("record", [CHARA, page(CHARA), look(CHARA, "gone"), CAPTURE])
def test_a_record_comes_back_as_it_was(record: Listed | Page | Look | Capture) -> None:
    assert decode(encode(record)) == record


def test_a_line_break_in_a_text_does_not_break_the_line() -> None:
    assert b"\n" not in encode(page(CHARA, "one\ntwo\u2028three"))


@pytest.mark.parametrize(
    "line",
    [b'{"type":"letter"}', b'{"key":"a"}', b'{"type":"look","key":"a","surprise":1}', b"[]", b'{"type":"listed"'],
)
def test_a_line_that_is_not_understood_does_not_load(line: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(line)


@pytest.mark.parametrize(
    "values",
    [
        {"title": "Other, Inc."},
        {"case_number": "1"},
        {"posted_on": None},
        {"issued_on": date(2025, 1, 18)},
        {"subject": "HCT/P"},
        {"closed_out_on": date(2025, 6, 3)},
        {"closed_out_url": "https://www.fda.gov/x"},
        {"responded_on": date(2025, 6, 3)},
        {"responded_url": "https://www.fda.gov/x"},
    ],
)
def test_what_a_reader_notices_moves_the_fingerprint(values: dict[str, object]) -> None:
    assert changed(CHARA, **values).fingerprint != CHARA.fingerprint


@pytest.mark.parametrize(
    "values",
    [{"title": "Chara\u00a0Biologics,  Inc."}, {"url": "https://www.fda.gov/other"}, {"capture": "f" * 64}],
)
def test_what_no_reader_notices_leaves_the_fingerprint(values: dict[str, object]) -> None:
    assert changed(CHARA, **values).fingerprint == CHARA.fingerprint


def test_the_order_of_fields_and_empty_ones_leave_the_fingerprint() -> None:
    turned = dict(reversed(CHARA.fields.items())) | {"excerpt": ""}
    assert msgspec.structs.replace(CHARA, fields=turned).stamped().fingerprint == CHARA.fingerprint


def test_parts_cannot_run_into_each_other() -> None:
    assert fingerprint(["ab", "c"]) != fingerprint(["a", "bc"])


def test_the_fingerprint_of_a_page_ignores_when_and_how_it_was_read() -> None:
    one, other = page(CHARA, "a 'b'", etag="1", capture="x"), page(CHARA, "a  ‘b’", etag="2", capture="y")
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != page(CHARA, "a c").fingerprint
