"""Every address becomes a file that a plain server finds under that address, whatever is in it."""

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.site.placing import LONGEST, file_of, placed
from tests.publish.export.conftest import file_server
from tests.publish.site.conftest import site_over

ODD = (
    "plain-key-2025",
    "a b?c#d&e=f%20g",
    "%2e%2e/%2F",
    "../../../etc/passwd",
    "./.hidden/..",
    "//double//slash/",
    "page.aspx",
    "index.html",
    "under/index.html/below",
    "x" * 5000,
    "細胞/幹細胞 " * 40,
    "\u202eright-to-left\u202c",
    "line\nbreak\ttab\x00nul",
    "back\\slash",
    "~tilde'quote\"<b>",
)


def test_an_odd_key_is_reached_at_the_link_that_leads_to_it(tmp_path: Path) -> None:
    site = site_over(tmp_path, static=True)
    for key in ODD:
        path = tmp_path / file_of(placed(f"/notices/{key}"))
        assert path.resolve().is_relative_to(tmp_path / "notices"), key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(key, encoding="utf-8")
    with file_server(tmp_path) as client:
        for key in ODD:
            answer = client.get(site.link(f"/notices/{key}"))
            assert (answer.status, answer.data.decode()) == (200, key)


@pytest.mark.parametrize("key", ["plain-key", "a b", "100%", "page.aspx", "細胞", "a/b"])
def test_an_address_is_that_of_the_served_site_wherever_a_file_can_have_it(key: str) -> None:
    assert placed(f"/notices/{key}") == f"/notices/{key}/"


def test_files_keep_their_names() -> None:
    assert placed("/static/site.css") == "/static/site.css"
    assert file_of(placed("/")) == "index.html"
    assert file_of(placed("/about")) == "about/index.html"


@given(st.text(max_size=300), st.text(max_size=300))
def test_different_keys_are_different_files_below_the_folder(one: str, other: str) -> None:
    files = [file_of(placed(f"/notices/{key}")) for key in (one, other)]
    for file in files:
        parts = file.split("/")
        assert parts[0] == "notices"
        assert all(part and part not in (".", "..") and len(part.encode()) <= LONGEST + 20 for part in parts)
        assert quote(file)
    if one.strip("/") != other.strip("/"):
        assert files[0] != files[1]
