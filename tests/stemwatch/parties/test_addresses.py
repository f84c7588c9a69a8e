"""Places of business."""

import pytest

from stemwatch.parties import parties


def places(**fields: str) -> list[tuple[str, str, str]]:
    return [(at.city, at.region, at.country) for at in parties(fields).addresses]


@pytest.mark.parametrize(
    ("address", "city", "region", "country"),
    [
        ("1 Main Street, Suite 4; Cedar Falls, IA 50613-1234; United States", "Cedar Falls", "IA", "US"),
        ("1 Main Street Cedar Falls IA 50613", "Cedar Falls", "IA", "US"),
        ("Hafenstraße 1; 28199 Bremen; Germany", "Bremen", "", "DE"),
        ("Plot 4, Phase II; Pune 411057; Maharashtra; India", "Pune", "Maharashtra", "IN"),
        ("9 East Road; Foshan Shi; Guangdong Sheng, 528137; China", "Foshan Shi", "Guangdong Sheng", "CN"),
        ("Calle 4; 45010 Zapopan, Jal.; Mexico", "Zapopan", "", "MX"),
        ("12 Rue Velmoor; Saint-Laurent QC H4N 2L3; Canada", "Saint-Laurent", "QC", "CA"),
    ],
)
def test_the_header_gives_city_region_and_country(address: str, city: str, region: str, country: str) -> None:
    assert places(address=address, recipient_firm="Velmoor, Inc.") == [(city, region, country)]


def test_the_country_may_have_a_field_of_its_own() -> None:
    assert places(title="Velmoor Institute", address="4 Ostrand Road", country="COLOMBIA") == [("", "", "CO")]


@pytest.mark.parametrize(
    "street", ["12 Main Street, Ste 103; Boulder, CO 80301-3460", "12 Main St, Boulder, Colorado 80301"]
)
def test_a_body_tells_where_a_firm_is(street: str) -> None:
    text = f"Dear Dr. Doe:\nWe inspected Velmoor Labs, LLC, located at {street} last year."
    assert [(at.city, at.region, at.country, at.firm) for at in parties({"text": text}).addresses] == [
        ("Boulder", "CO", "US", "Velmoor Labs, LLC")
    ]


def test_the_regulators_own_address_is_nobodys() -> None:
    text = (
        "Dear Dr. Doe:\nWrite to the Food and Drug Administration, 10 Hampshire Avenue, Silver Spring, MD 20993."
    )
    assert places(text=text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("They raided Velmoor Beauty in Mong Kok.", ("Mong Kok", "", "")),
        ("Velmoor Cell Clinic in Calgary, AB, offers it.", ("Calgary", "AB", "CA")),
        ("A letter to Velmoor Bio, San Diego, California, about claims.", ("San Diego", "CA", "US")),
        ("The clinic in Millbrook is run by Petra Doe.", ("Millbrook", "", "")),
        ("Velmoor Labs, LLC of Springdale sold it.", ("Springdale", "", "")),
    ],
)
def test_a_place_behind_a_business_is_where_it_is(text: str, place: tuple[str, str, str]) -> None:
    assert places(title="News", text=text) == [place]


def test_a_place_tied_to_no_business_is_none() -> None:
    assert places(title="News", text="The storm in Springdale went on.") == []
