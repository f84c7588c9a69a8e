"""Names under which the subject sells its products."""

import pytest

from stemwatch.parties import parties


@pytest.mark.parametrize(
    ("text", "brands"),
    [
        ("You make VelaCord™ and XoVela® for injection.", ["VelaCord", "XoVela"]),
        ("You market your product, VelaCord, for pain.", ["VelaCord"]),
        ("Your products, VelaCord, XoVela and RejuVela, are drugs.", ["VelaCord", "XoVela", "RejuVela"]),
        ("It is sold with the brand name VelaCord.", ["VelaCord"]),
        ("It concerns VelaCord, a cellular product from cord tissue.", ["VelaCord"]),
        ("Because VelaCord® is a drug, so are others.", ["VelaCord"]),
        ("Your products are unapproved new drugs.", []),
        ("Your product, The, is", []),
    ],
)
def test_a_sign_or_the_wording_tells_a_brand(text: str, brands: list[str]) -> None:
    assert [brand.name for brand in parties({"text": text}).brands] == brands
