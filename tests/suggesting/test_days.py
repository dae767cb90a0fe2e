"""A coming day is recognised in what people write, by words that are data; what is not sure is not suggested."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkteam.rulebook import workflow_folders
from wijkteam.suggesting.days import read_day_words, suggest_day

WEDNESDAY = date(2026, 3, 4)


WORDS = read_day_words(workflow_folders())


@pytest.mark.parametrize(
    ("text", "day", "because"),
    [
        ("Volgende week dinsdag bellen", date(2026, 3, 10), "volgende week dinsdag"),
        ("Dinsdag volgende week langsgaan.", date(2026, 3, 10), "dinsdag volgende week"),
        ("We spreken af: volgende week op vrijdagmiddag", date(2026, 3, 13), "volgende week op vrijdagmiddag"),
        ("Volgende week weer bellen", date(2026, 3, 9), "volgende week"),
        ("Vrijdag langs", date(2026, 3, 6), "vrijdag"),
        ("Woensdag langs", date(2026, 3, 11), "woensdag"),
        ("Morgen bel ik de corporatie", date(2026, 3, 5), "morgen"),
        ("Vandaag nog!", date(2026, 3, 4), "vandaag"),
        ("Overmorgen naar de zitting", date(2026, 3, 6), "overmorgen"),
        ("Over twee weken kijken we opnieuw", date(2026, 3, 18), "over twee weken"),
        ("Over één maand", date(2026, 4, 4), "over een maand"),
        ("Binnen 3 dagen antwoord", date(2026, 3, 7), "binnen 3 dagen"),
        ("Zitting op 3 april om tien uur", date(2026, 4, 3), "3 april"),
        ("Zitting op 3-4, zaal 2", date(2026, 4, 3), "3-4"),
        ("Afspraak 2 januari 2027", date(2027, 1, 2), "2 januari 2027"),
        ("Eind van de week bellen", date(2026, 3, 6), "eind van de week"),
        ("Volgende maand opnieuw", date(2026, 4, 1), "volgende maand"),
        ("Dinsdag gebeld. Ze wil hulp. Volgende week dinsdag ga ik langs.", date(2026, 3, 10), "volgende week dinsdag"),
    ],
)
def test_a_coming_day_is_recognised_with_the_words_that_say_so(text: str, day: date, because: str) -> None:
    found = suggest_day(text, WORDS, WEDNESDAY)
    assert found is not None and (found.day, found.because) == (day, because)
    assert found.sentence in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ze heeft schulden en slaapt slecht.",
        "Vorige week dinsdag was ze er niet.",
        "Afgelopen vrijdag stond de deurwaarder voor de deur",
        "Dinsdag gebeld, geen antwoord",
        "Elke maandag komt haar zus",
        "Vanmorgen langsgegaan",
        "Op 3 februari is de stroom afgesloten",
        "De huur liep tot 15 januari",
        "31-2 bestaat niet",
        "Goede morgen",
        "Volgende dinsdag",
        "Over 900 weken",
    ],
)
def test_what_has_passed_returns_or_is_not_sure_is_no_coming_day(text: str) -> None:
    assert suggest_day(text, WORDS, WEDNESDAY) is None


@given(st.text(max_size=200), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_any_text_gives_a_day_from_today_on_or_none(text: str, today: date) -> None:
    found = suggest_day(text, WORDS, today)
    assert found is None or found.day >= today


def test_a_date_without_a_year_that_is_long_gone_is_that_of_the_next_year() -> None:
    found = suggest_day("De huur loopt tot 15 januari", WORDS, date(2026, 12, 1))
    assert found is not None and found.day == date(2027, 1, 15)


def test_a_municipality_adds_words_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "days.yaml").write_text(
        "words_of: days\nsource: own\nfrom_today: {oermorgen: 2}\n", encoding="utf-8"
    )
    found = suggest_day("Oermorgen weer", read_day_words((tmp_path, *workflow_folders())), WEDNESDAY)
    assert found is not None and found.day == date(2026, 3, 6)
