"""Web and e-mail addresses, and whose they are."""

import socket

import pytest

from stemwatch.parties import parties


def sites(text: str, **fields: str) -> list[tuple[str, str, bool]]:
    found = parties(
        {"title": "Velmoor Labs, LLC", "office": "CBER", "subject": "CGMP", "text": text, **fields}
    ).websites
    return [(site.domain, site.kind, site.own) for site in found]


@pytest.mark.parametrize(
    "printed",
    [
        *(
            "https://www.velmoor.co.uk/about",
            "http:// www.velmoor.co.uk",
            "www.velmoor[.]co[.]uk",
            "shop.velmoor.co.uk",
        ),
        *("hxxps://velmoor[.]co[.]uk", "www. velmoor.co.uk"),
    ],
)
def test_an_address_is_reduced_to_its_registered_part(printed: str) -> None:
    assert sites(f"On your website, {printed}, you say so.") == [("velmoor.co.uk", "site", True)]


def test_an_address_broken_by_a_blank_is_one() -> None:
    assert sites("Your website at https://www.velmoor cells.com says so.") == [("velmoorcells.com", "site", True)]


def test_only_what_the_text_calls_the_subjects_is_its_own() -> None:
    text = "Your website, velmoor.com, says so. A paper at https://www.ostrand-journal.org says otherwise."
    assert sites(text) == [("velmoor.com", "site", True), ("ostrand-journal.org", "site", False)]


def test_the_address_of_the_header_is_its_own() -> None:
    assert sites("", email="info@velmoor.com") == [("velmoor.com", "email", True)]


def test_a_place_where_everybody_publishes_is_nobodys_own() -> None:
    assert sites("On your website, www.facebook.com/velmoor, you say so.") == [("facebook.com", "site", False)]


@pytest.mark.parametrize(
    "host",
    ["https://www.fda.gov/media/1", "a.b@fda.hhs.gov", "https://www.tga.gov.au", "e.g.", "U.S.A", "Inc.The"],
)
def test_regulators_and_abbreviations_are_no_websites(host: str) -> None:
    assert sites(f"See {host} for more.") == []


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)
    assert sites("Your website, velmoor.com") == [("velmoor.com", "site", True)]
