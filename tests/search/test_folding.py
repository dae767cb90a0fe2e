"""Names and words are alike however they are typed, and nothing that looks like a BSN can be found by."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wijkteam.search.folding import fold, likeness, name_parts, stem, terms_of, tokens, trigrams
from wijkteam.search.matching import Asked
from wijkteam.search.resembling import Description, Likeness, alike_by, days_in, surely_alike

NAMES = st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=40)
SHORTEST_BSN = 8
"""So many digits could be one: they are left out, also when they stood apart and are written together."""
PARTICLES = st.sampled_from(["van der", "v.d.", "v/d", "van den", "van 't", "de", "vd", "Van De"])
SURNAMES = st.sampled_from(["Berg", "Dijk", "Müller", "Łukasz", "Citroën", "Yılmaz", "Vermeer"])


@given(NAMES)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assume(sum(sign.isdecimal() for sign in fold(text)) < SHORTEST_BSN)
    parts = name_parts(text)
    assert name_parts(" ".join(parts)) == parts


@given(PARTICLES, SURNAMES)
def test_what_stands_before_a_surname_and_where_makes_no_difference(particle: str, surname: str) -> None:
    written = (f"{particle} {surname}", f"{surname}, {particle}", surname, f"Fam. {particle} {surname.upper()}")
    assert len({tuple(name_parts(each)) for each in written}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "Muller"),
        ("Dijkstra", "Dykstra"),
        ("ĳsbreker", "ijsbreker"),
        ("Şahin", "sahin"),
        ("Strauß", "STRAUSS"),
    ],
)
def test_accents_capitals_and_ij_make_no_difference(one: str, other: str) -> None:
    assert name_parts(one) == name_parts(other)


@given(st.sampled_from(["jansen", "vermeulen", "bakker", "hoogland", "voorbeeldstraat"]), st.data())
def test_one_typing_error_leaves_a_name_alike_and_another_name_is_not(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(name) - 2))
    typed = name[:at] + data.draw(st.sampled_from("abcx")) + name[at + 1 :]
    assert likeness(typed, name) >= 0.4
    assert likeness("smit", name) < 0.4


def test_a_house_number_and_a_postcode_stay_two_words() -> None:
    assert name_parts("Voorbeeldstraat 12 3011 AB") == name_parts("Voorbeeldstraat 12, 3011 AB")


def test_dutch_words_are_found_in_their_other_forms() -> None:
    assert stem("huurachterstanden") == stem("huurachterstand") and stem("kinderen") == stem("kinder")


@given(st.from_regex(r"[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{2,3}", fullmatch=True), NAMES)
def test_no_row_of_digits_as_long_as_a_bsn_is_kept_or_asked_for(number: str, around: str) -> None:
    text = f"{around} {number} "
    names, terms = terms_of([text], [text])
    digits = "".join(sign for sign in number if sign.isdigit())
    assert digits not in terms.split() and digits not in names.split()
    assert digits not in Asked.of(text).question("sqlite")


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_question_about_words_and_no_language_of_the_database(typed: str) -> None:
    asked = Asked.of(typed)
    for word in (*asked.words, *asked.parts):
        assert word == "".join(sign for sign in word if sign.isalnum()), "nothing that ends a quote or means a command"


@given(NAMES)
def test_trigrams_hold_all_signs_and_are_never_taken_for_words(text: str) -> None:
    for part in name_parts(text):
        assert set("".join(trigrams(part))) - {"_"} == set(part)
    _, terms = terms_of([text], [])
    assert not {each for each in terms.split() if each.startswith("_")} & set(tokens(text))


@pytest.mark.parametrize(
    ("one", "other", "by"),
    [
        ("Voorbeeldstraat 12, fam. Jansen", "Jansen, voorbeeldstr 12", {"name", "address"}),
        ("Voorbeeldstraat 12", "voorbeeldsraat 12", {"address"}),
        ("Voorbeeldstraat 12, Jansen", "Voorbeeldstraat 12, De Vries", {"address"}),
        ("Voorbeeldstraat 12, Jansen", "Kade 3, Jansen", set()),
        ("Fatima Yılmaz, Kade 3", "Voorbeeldstraat 12, Yilmaz Fatima", {"name"}),
        ("Familie Jansen", "Kade 3, Janssen", {"name"}),
        ("De blauwe deur", "Kade 3, Janssen", set()),
    ],
)
def test_households_are_alike_by_address_or_by_name(one: str, other: str, by: set[str]) -> None:
    first, second = Description.typed(one), Description.of(name_parts(other))
    assert alike_by(first, second) == {Likeness(each) for each in by}


def test_somebody_who_did_not_ask_is_told_only_of_the_same_address_without_another_name() -> None:
    here = Description.typed("Voorbeeldstraat 12, Jansen")
    assert surely_alike(here, Description.typed("Jansen, Voorbeeldstraat 12"))
    assert surely_alike(here, Description.typed("Voorbeeldstraat 12"))
    assert not surely_alike(here, Description.typed("Voorbeeldstraat 12, De Vries"))
    assert not surely_alike(here, Description.typed("Jansen"))


def test_a_day_in_a_text_is_read_and_what_is_no_day_is_left() -> None:
    assert [str(each) for each in days_in("geb. 12-3-1980 of 31/02/1999, 1.2.2001")] == ["1980-03-12", "2001-02-01"]
