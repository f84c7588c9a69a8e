"""Names and hosts as they are compared."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemwatch.clinics.hosts import own_domain
from stemwatch.clinics.lexicon import HostsFile, NamesFile, hosts_file, load, names_file, words_of
from stemwatch.clinics.names import firm_name, person_name, significant
from stemwatch.clinics.nearness import ALIKE, closest, likeness
from stemwatch.errors import UsageError
from stemwatch.folding import fold


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Talvex Labs, Inc.", "talvex labs"),
        ("Talvex Labs Co., Ltd.", "talvex labs"),
        ("Talvex, A Professional Corporation", "talvex"),
        ("Talvex Labs GmbH & Co. KG", "talvex labs"),
        ("U.S. Talvex L.L.C.", "us talvex"),
        ("株式会社タルベックス", "タルベックス"),
        ("タルベックス株式会社", "タルベックス"),
        ("Inc.", "inc"),
        ("The", "the"),
        ("&", ""),
    ],
)
def test_a_name_is_compared_without_its_legal_form(name: str, core: str) -> None:
    assert firm_name(name).core == core


@pytest.mark.parametrize(
    "name", ["Talvex", "R9 Stem Cell", "Stem Cell Center of New Jersey", "Platinum Biologics"]
)
def test_a_rare_word_or_a_place_among_words_makes_a_name_distinctive(name: str) -> None:
    assert firm_name(name).distinctive


@pytest.mark.parametrize(
    "name", ["Stem Cell Institute", "RMI", "Florida Clinic", "Advanced Regenerative Medicine", "X"]
)
def test_generic_words_and_abbreviations_are_not_distinctive(name: str) -> None:
    assert not firm_name(name).distinctive


@pytest.mark.parametrize(
    ("name", "compared"),
    [
        ("Vora Lind, M.D.", "vora lind"),
        ("Dr. Vora B. Lind PhD", "vora lind"),
        ("Vóra Lind (CEO)", "vora lind"),
        ("山田太郎", "山田太郎"),
        ("Lind", ""),
        ("V. Lind", ""),
        ("", ""),
    ],
)
def test_a_person_is_compared_by_first_and_last_name(name: str, compared: str) -> None:
    assert person_name(name) == compared


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "a." * 300_000, "\u202e" * 1000 + "Talvex", "(" * 100_000, "İ" * 999]
)
def test_hostile_names_are_only_names(text: str) -> None:
    assert len(firm_name(text).core) <= 700
    person_name(text)
    own_domain(text[:300])


@given(st.text(max_size=60))
def test_comparing_is_stable(name: str) -> None:
    known = firm_name(name)
    assert known.joined == known.core.replace(" ", "")
    assert significant(known) in ("", known.joined) or significant(known)
    person_name(name)
    own_domain(name)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.Talvex.com", "talvex.com"),
        ("shop.talvex.co.uk", "talvex.co.uk"),
        ("talvex.myshopify.com", "talvex.myshopify.com"),
        ("m.facebook.com", ""),
        ("www.fda.gov", ""),
        ("www.gov.uk", ""),
        ("localhost", ""),
        ("10.0.0.1", ""),
    ],
)
def test_a_domain_is_the_owner_s(host: str, domain: str) -> None:
    assert own_domain(host) == domain


def test_spelt_alike_is_told_by_the_words_that_set_names_apart() -> None:
    def alike(one: str, other: str) -> bool:
        return likeness(firm_name(one), firm_name(other)) >= ALIKE

    assert alike("Regenative Cove Labs", "Re-Gen Active Cove Lab")
    assert not alike("Talvex Stem Cell Institute", "Orlin Stem Cell Institute")
    assert [name for name, _ in closest("talvx", ["talvex", "orlin"], 5)] == ["talvex"]


def test_the_words_of_the_lexicon_are_folded_and_each_list_says_why() -> None:
    known = names_file()
    for word in words_of(known.generic) | words_of(known.places):
        assert fold(word).text.strip() == word
    assert all(entry.why for entry in (*known.generic, *known.places, *known.legal, *hosts_file().hosts))


def test_no_host_is_listed_in_vain() -> None:
    for entry in hosts_file().hosts:
        for host in (*entry.hosts, *entry.suffixes):
            assert host == host.lower()
            assert own_domain(f"talvex.{host}") == ""


@pytest.mark.parametrize(
    "text", ["[[hosts]]\nhosts = ['a.example']", "x = 1", "[[hosts]", "[[hosts]]\nwhy='w'\nhost=[]"]
)
def test_a_lexicon_that_is_not_understood_does_not_load(tmp_path: Path, text: str) -> None:
    file = tmp_path / "hosts.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=r"lexicon/clinics/hosts\.toml"):
        load(file, HostsFile)
    with pytest.raises(UsageError, match=r"lexicon/clinics/hosts\.toml"):
        load(file, NamesFile)
