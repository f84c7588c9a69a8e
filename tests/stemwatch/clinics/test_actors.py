"""From what a notice says about parties to actors."""

from hypothesis import given
from hypothesis import strategies as st

from stemwatch.clinics.actors import Cast, cast
from stemwatch.clinics.ids import Anchor, clinic_id
from stemwatch.clinics.quotes import quote
from stemwatch.parties.records import Parties
from tests.stemwatch.clinics.firms import TAMPA, firm, named, person


def who(found: Cast) -> dict[str, list[str]]:
    return {actor.slot: [each.name for each in actor.names] for actor in found.actors}


def bonds(found: Cast) -> list[tuple[str, str, str]]:
    return [(bond.kind, bond.one, bond.other) for bond in found.bonds]


def test_other_names_of_a_firm_are_names_of_one_actor() -> None:
    told = named("Talvex LLC", firm("Brinna Cove", "alias", "Talvex LLC"), firm("Orlin Inc.", "former", "Talvex"))
    assert who(cast(told)) == {"": ["Talvex LLC", "Brinna Cove", "Orlin Inc."]}


def test_an_alias_of_another_firm_is_not_the_subject_s() -> None:
    told = named("Talvex LLC", firm("Orlin Inc.", "supplier"), firm("Brinna Cove", "alias", "Orlin Inc."))
    assert who(cast(told)) == {"": ["Talvex LLC"], "orlin": ["Orlin Inc.", "Brinna Cove"]}
    assert bonds(cast(told)) == [("supplier", "orlin", "")]


def test_a_shorter_form_of_the_subject_s_name_is_no_other_firm() -> None:
    assert who(cast(named("Talvex Wellness", "Talvex Wellness Group"))) == {
        "": ["Talvex Wellness", "Talvex Wellness Group"]
    }
    assert len(cast(named("Stem Cell Institute", "Stem Cell Institute Brinna")).actors) == 2


def test_people_and_places_go_to_the_firm_that_the_notice_says() -> None:
    told = named(
        "Talvex LLC",
        firm("Orlin Inc.", "customer"),
        at=TAMPA,
        people=(
            person("Vora Lind"),
            person("Amil Okell", firm="Orlin, Inc."),
            person("Tessa Tove", firm="Nobody"),
        ),
        site="talvex.example.com",
    )
    subject, customer = cast(told).actors
    assert [each.name for each in subject.people] == ["Vora Lind"]
    assert [each.name for each in customer.people] == ["Amil Okell"]
    assert (len(subject.websites), len(customer.websites)) == (1, 0)
    assert (len(subject.addresses), len(customer.addresses)) == (1, 0)


def test_co_defendants_with_a_named_owner_in_common_are_one_enterprise() -> None:
    accused = ("Talvex LLC", firm("Orlin Inc.", "codefendant"))
    assert ("sister", "orlin", "") in bonds(cast(named(*accused, people=(person("Vora Lind", "owner"),))))
    assert ("sister", "orlin", "") in bonds(cast(named(*accused, people=(person("Vora Lind"),))))
    both = (person("Vora Lind", "CEO", "Talvex"), person("Dr. Vora Lind", "President", "Orlin"))
    assert ("sister", "orlin", "") in bonds(cast(named(*accused, people=both)))


def test_mere_co_defendants_are_not() -> None:
    accused = ("Talvex LLC", firm("Orlin Inc.", "codefendant"))
    assert bonds(cast(named(*accused))) == [("codefendant", "orlin", "")]
    apart = (person("Vora Lind", "CEO", "Talvex"), person("Amil Okell", "CEO", "Orlin"))
    assert bonds(cast(named(*accused, people=apart))) == [("codefendant", "orlin", "")]
    nurse = (person("Vora Lind", "Nurse"),)
    assert bonds(cast(named(*accused, people=nurse))) == [("codefendant", "orlin", "")]


def test_a_long_list_of_accused_has_no_owner_in_common_unless_each_is_told() -> None:
    accused = [firm(f"Talvex{letter} LLC", "codefendant") for letter in "abcdef"]
    told = cast(named("Orlin Inc.", *accused, people=(person("Vora Lind"),)))
    assert {kind for kind, *_ in bonds(told)} == {"codefendant"}


def test_where_a_notice_is_about_several_firms_who_is_named_without_one_is_nobody_s() -> None:
    found = cast(named("Talvex LLC", "Orlin Inc.", people=(person("Vora Lind"),), site="talvex.example.com"))
    assert [(actor.people, actor.websites) for actor in found.actors] == [((), ()), ((), ())]
    assert found.bonds == ()


def test_who_is_named_without_any_firm_practises_under_the_own_name() -> None:
    assert who(cast(named(people=(person("Vora Lind, MD"),)))) == {"": ["Vora Lind, MD"]}
    assert who(cast(named(people=(person("Lind"),)))) == {}


def test_nobody_named_is_nobody() -> None:
    assert cast(Parties()) == Cast()
    assert cast(named("&&&", "")) == Cast()


ties = st.sampled_from(["subject", "alias", "former", "sister", "parent", "supplier", "codefendant", "named"])
few = st.sampled_from(["Talvex LLC", "Talvex", "Orlin", "Brinna Cove", "Stem Cell Institute", "", "&"])


@given(
    st.lists(st.builds(firm, few, ties, few), max_size=6), st.lists(st.builds(person, few, few, few), max_size=3)
)
def test_every_name_is_of_one_actor_and_every_bond_between_two(firms: list, people: list) -> None:  # type: ignore[type-arg]
    found = cast(named(*firms, people=tuple(people)))
    slots = [actor.slot for actor in found.actors]
    assert len(set(slots)) == len(slots)
    assert all(actor.names for actor in found.actors)
    assert all({bond.one, bond.other} <= set(slots) and bond.one != bond.other for bond in found.bonds)
    spelt = [each.name for actor in found.actors for each in actor.names]
    given_names = {each.name for each in firms if each.name not in ("", "&")}
    assert set(spelt) == given_names or not given_names


def test_an_id_is_short_permanent_and_can_give_way_to_another() -> None:
    anchor = Anchor("2025-01-01", "us_fda_warning_letters/talvex-1", "")
    assert clinic_id(anchor) == "c-ydo7677"
    assert clinic_id(anchor._replace(on="2026-01-01")) == clinic_id(anchor)
    assert len({clinic_id(anchor, attempt) for attempt in range(50)}) == 50


def test_a_quote_has_whole_words_around_it() -> None:
    text = "word " * 40 + "Talvex Labs" + " more" * 40
    shown = quote(text, 200, 211)
    assert "Talvex Labs" in shown
    assert shown.startswith("… word")
    assert shown.endswith("more …")
    assert quote("Talvex\nLabs", 0, 11) == "Talvex Labs"
