"""Who is one clinic, and who only looks like it."""

from random import Random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemwatch.clinics.keys import Keyed
from stemwatch.clinics.linking import MOST_FIRMS, crowded_keys, link
from stemwatch.parties.records import Parties
from tests.stemwatch.clinics.firms import RENO, TAMPA, actors, clinics, firm, named, one, person

LIND = (person("Vora Lind, MD", "Owner"),)


def test_the_same_establishment_identifier_is_the_same_firm() -> None:
    assert one(named("Talvex Labs", fei=("3011",)), named("Orlin Biologics", fei=("3011",)))


def test_of_several_identifiers_only_the_first_is_the_firm_s_own() -> None:
    assert not one(named("Talvex Labs", fei=("3011", "3022")), named("Orlin Biologics", fei=("3022",)))


def test_the_same_website_is_the_same_firm() -> None:
    assert one(named("Talvex Labs", site="talvex.example.com"), named("Orlin Biologics", site="www.example.com"))


@pytest.mark.parametrize("host", ["www.facebook.com", "gmail.com", "shop.amazon.com", "prnewswire.com", "fda.gov"])
def test_a_host_that_many_share_says_nothing(host: str) -> None:
    assert not one(named("Talvex Labs", site=host), named("Orlin Biologics", site=host))


def test_a_site_builder_gives_each_customer_a_name_of_his_own() -> None:
    assert not one(named("Talvex Labs", site="talvex.wixsite.com"), named("Orlin Bio", site="orlin.wixsite.com"))
    assert one(named("Talvex Labs", site="talvex.wixsite.com"), named("Orlin Bio", site="talvex.wixsite.com"))


def test_a_domain_that_ties_many_names_together_is_dropped_and_told() -> None:
    many = [named(f"Talvex{letter} Labs", site="host.example.com") for letter in "abcdefg"]
    assert len(many) > MOST_FIRMS
    assert len(clinics(*many)) == len(many)
    assert {(key.kind, key.value): firms for key, firms in crowded_keys(actors(*many)).items()} == {
        ("web", "example.com"): len(many)
    }
    assert one(*many[:MOST_FIRMS])


def test_an_alias_that_many_firms_are_given_ties_none_of_them() -> None:
    many = [named(f"Talvex{letter} Labs", firm("Brinna Commitment", "alias")) for letter in "abcdefg"]
    assert len(clinics(*many)) == len(many)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Talvex Labs, Inc.", "TALVEX LABS"),
        ("The Harbor & Cove Clinic, L.L.C.", "Harbor and Cove Clinic"),
        ("Talvex Genuity LLC", "TalvexGenuity, LLC"),
        ("Clínica Brínna S.A. de C.V.", "Clinica Brinna"),
        ("Talvex Labs, PLLC", "Talvex Labs, Ltd."),
    ],
)
def test_a_distinctive_name_is_one_firm_however_it_is_written(name: str, other: str) -> None:
    assert one(named(name), named(other))
    assert one(named(name, at=TAMPA), named(other))


def test_a_distinctive_name_in_two_states_is_two_firms_until_something_else_ties_them() -> None:
    assert not one(named("Talvex Labs", at=TAMPA), named("Talvex Labs", at=RENO))
    assert one(named("Talvex Labs", at=TAMPA), named("Talvex Labs", at=("Miami", "FL", "US")))
    assert one(named("Talvex Labs", at=TAMPA, people=LIND), named("Talvex Labs", at=RENO, people=LIND))


def test_whoever_states_no_place_is_left_apart_where_the_name_is_used_in_two_states() -> None:
    found = clinics(named("Talvex Labs", at=TAMPA), named("Talvex Labs", at=RENO), named("Talvex Labs"))
    assert found == {frozenset({0}), frozenset({1}), frozenset({2})}


def test_a_country_alone_goes_with_its_only_region() -> None:
    assert one(named("Talvex Labs", at=TAMPA), named("Talvex Labs", at=("", "", "US")))
    assert not one(named("Talvex Labs", at=TAMPA), named("Talvex Labs", at=("", "", "PA")))


@pytest.mark.parametrize("name", ["Stem Cell Institute", "Regenerative Medical Center, LLC", "RMI"])
def test_a_generic_name_needs_the_town_or_an_officer(name: str) -> None:
    assert not one(named(name), named(name))
    assert not one(named(name, at=TAMPA), named(name))
    assert not one(named(name, at=TAMPA), named(name, at=("Miami", "FL", "US")))
    assert one(named(name, at=TAMPA), named(name, at=TAMPA))
    assert one(named(name, people=LIND), named(name, people=(person("Dr. Vora B. Lind"),)))


def test_a_generic_name_beside_the_same_person_is_the_same_firm() -> None:
    name, two = "Regenerative Medical Group", ("Regenerative Medical Group", "Telvex Health")
    found = clinics(named(name, people=LIND), named(*two, people=(person("Vora Lind"),)))
    assert found == {frozenset({0, 1}), frozenset({2})}


def test_an_officer_alone_makes_no_two_firms_one() -> None:
    assert not one(named("Talvex Labs", people=LIND), named("Orlin Biologics", people=LIND))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Talvex Labs", "Talvex Therapeutics"),
        ("Regenative Cove", "Re-Gen Active Cove"),
        ("Talvex Stem Cell Institute of Florida", "Talvex Stem Cell Institute of Ohio"),
        ("Livtal LLC", "Oblivtal LLC"),
        ("Stemtal", "Stemtala"),
        ("US Stem Cell Brinna", "US Stemology Brinna"),
    ],
)
def test_look_alikes_stay_apart(name: str, other: str) -> None:
    assert not one(named(name, at=TAMPA), named(other, at=TAMPA))


def test_a_brand_under_which_two_firms_do_business_makes_them_no_one() -> None:
    brand = firm("Brinna Cove", "alias")
    assert not one(named("Talvex LLC", brand), named("Orlin LLC", brand))
    assert one(named("Talvex LLC", brand), named("Brinna Cove"))


@pytest.mark.parametrize("tie", ["alias", "former", "sister", "parent"])
def test_what_a_notice_says_of_names_and_control_is_believed(tie: str) -> None:
    told = named("Talvex Labs", firm("Orlin Biologics", tie))  # type: ignore[arg-type]
    assert one(told, named("Orlin Biologics"), named("Talvex Labs"))


@pytest.mark.parametrize("tie", ["supplier", "customer", "codefendant", "named"])
def test_soft_ties_never_make_two_firms_one(tie: str) -> None:
    told = named("Talvex Labs", firm("Orlin Biologics", tie))  # type: ignore[arg-type]
    assert not one(told, named("Orlin Biologics"))


def test_split_actors_stay_apart_whatever_they_share_and_others_still_find_their_side() -> None:
    labs = [named("Talvex Labs", fei=("3011",)) for _ in range(4)]
    sides = {0: {7: "on"}, 1: {7: "off"}}
    found = clinics(*labs, sides=sides)
    assert sorted(map(sorted, found)) == [[0, 2, 3], [1]]


names = st.sampled_from(["Talvex Labs", "Orlin Bio", "Stem Cell Institute", "Brinna Cove", "RMI"])
places = st.sampled_from([None, TAMPA, RENO, ("", "", "US")])
notice = st.builds(
    named,
    names,
    st.builds(firm, names, st.sampled_from(["alias", "sister", "supplier", "codefendant"])),
    at=places,
    people=st.sampled_from([(), LIND]),
    site=st.sampled_from(["", "a.example.com", "b.example.org"]),
    fei=st.sampled_from([(), ("1",), ("2",)]),
)


@given(st.lists(notice, max_size=7), st.randoms(use_true_random=False))
def test_clinics_do_not_depend_on_the_order_of_the_notices(found: list[Parties], dice: Random) -> None:
    made = actors(*found)
    before = {frozenset(group) for group in _linked(made)}
    dice.shuffle(made)
    assert {frozenset(group) for group in _linked(made)} == before


def _linked(made: list[Keyed]) -> list[list[int]]:
    return link(made, crowded_keys(made))


def test_a_name_that_thousands_share_costs_no_pairs() -> None:
    many = [named("Talvex Labs", at=TAMPA, people=LIND) for _ in range(5000)]
    made = actors(*many)
    start = perf_counter()
    assert len(_linked(made)) == 1
    assert perf_counter() - start < 2
