"""What is found, by which words, by whom; and what nobody may read takes no part in it, not even in the order."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, func, select, text, update

from tests.access.matrix.dossiers import dossiers
from tests.conftest import Town
from tests.escalation.town import number
from tests.retention.dossier import DUE, full_case, signed
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.people.model import Person
from wijkteam.people.offering import Offer, keep_offer
from wijkteam.people.queries import acting_person
from wijkteam.residents.model import Resident
from wijkteam.residents.service import NewResident, record_resident
from wijkteam.retention.service import carry_out
from wijkteam.search.keeping import differences, rebuild
from wijkteam.search.model import SearchEntry
from wijkteam.search.queries import Found, find, find_people
from wijkteam.signals.service import NewSignal, record_signal
from wijkteam.terms import clock
from wijkteam.tracks.service import NewTrack, begin_track
from wijkteam.wall.reader import reader_of

HOMES = {
    "berg": "Jan van der Berg, Kade 3",
    "müller": "Familie Müller, Voorbeeldstraat 12",
    "yilmaz": "Mevrouw Yılmaz",
    "dijk": "K. van Dijk, Plein 5",
}


def opened(town: Town, who: str, what: str = "Post blijft liggen", by: str = "fenna") -> HouseholdCase:
    return open_case(town.work(by), NewCase(who, what, "Bellen", clock.today()))


def found(town: Town, name: str, typed: str) -> list[Found]:
    work = town.work(name)
    reader = reader_of(work.session, town.house.grounds, work.actor)
    town.close()
    with town.house.reading(reader) as reading:
        return find(reading, typed)


def cases_found(town: Town, name: str, typed: str) -> list[str | None]:
    return [each.case_id for each in found(town, name, typed) if each.case_id is not None]


def test_a_case_is_found_by_names_however_they_are_typed_and_by_what_stands_in_it(town: Town) -> None:
    ids = {key: opened(town, who).id for key, who in HOMES.items()}
    case = opened(town, "Het huis op de hoek", "Er zijn huurachterstanden en geen verwarming")
    begin_track(
        town.work("fenna"), NewTrack(case.id, case.team_id, "finance", "Weer slapen zonder zorgen", "x", clock.today())
    )
    record_resident(town.work("fenna"), NewResident(case.household_id, "Ioana Popescu"))
    for typed in ("Berg, van der", "v.d. Berg", "van den berg kade", "BERG 3", "Bergh"):
        assert cases_found(town, "fenna", typed) == [ids["berg"]], typed
    for typed, key in (
        ("muller", "müller"),
        ("Muler", "müller"),
        ("yilmas", "yilmaz"),
        ("dyk", "dijk"),
        ("dij", "dijk"),
    ):
        assert ids[key] in cases_found(town, "fenna", typed), typed
    for typed in ("huurachterstand", "verwarming", "slapen", "popescu", "Popesku Ioana", "hoek verwarming"):
        assert cases_found(town, "fenna", typed) == [case.id], typed
    for typed in ("", "   ", '"', "' OR 1=1 --", "NEAR(", "*", "a:b", "\\", "123456782", "van der", "_jan"):
        assert case.id not in cases_found(town, "fenna", typed), typed
    first, *others = cases_found(town, "fenna", "müller voorbeeldstraat")
    assert first == ids["müller"] and not others, "what answers every word, and nothing that answers some"


def test_each_finds_what_they_may_read_and_signals_and_people_too(town: Town) -> None:
    case = opened(town, "Zeldzame Naam")
    signal = record_signal(town.work("fenna"), NewSignal("complaint", "De zeldzame lantaarn is stuk"))
    assert [(each.case_id, each.signal_id) for each in found(town, "teun", "zeldzame")] != []
    assert {each.signal_id for each in found(town, "teun", "lantaarns")} == {signal.id}
    for name in ("petra", "bea", "ada", "pia", "gijs"):
        assert found(town, name, "zeldzame") == [], name
    assert next(each.person_id for each in found(town, "bea", "Fenna Fictief")) == number(town, "fenna")
    town.work("fenna").act_on(HouseholdCase, case.id, "protect", {"protected_why": "Een collega."})
    assert cases_found(town, "fenna", "zeldzame") == [case.id]
    assert cases_found(town, "teun", "zeldzame") == []


def test_a_case_is_found_on_every_ground_on_which_it_is_read_in_full_and_on_no_other(town: Town) -> None:
    dossiers(town)
    work, grounds, seen = town.clockwork(), town.house.grounds, set[str]()
    rows = select(HouseholdCase, Household).join(Household, Household.id == HouseholdCase.household_id)
    cases = work.session.execute(rows).all()
    for person_id in work.session.scalars(select(Person.id).order_by(Person.id)).all():
        person = acting_person(work.session, person_id)
        assert person is not None
        with town.house.reading(reader_of(work.session, grounds, person)) as reading:
            for case, home in cases:
                ground = grounds.full_ground(work.session, person, case)
                hits = {each.case_id for each in find(reading, home.who_or_where)}
                assert (case.id in hits) == (ground is not None), (person.name, home.who_or_where, ground)
                seen.add(str(ground))
    assert len(seen) > 4, "by name, by team, by what was asked, through the glass, and not at all"


@contextmanager
def statements(town: Town) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append((statement, None))

    event.listen(town.house.database, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(town.house.database, "before_cursor_execute", note)


def test_what_may_not_be_read_changes_neither_what_is_found_nor_its_order_nor_what_is_asked(town: Town) -> None:
    for who in ("Jansen, Kade 3", "Janssen, Kade 4", "Johansen"):
        opened(town, who, "De huur is te hoog")

    def answers() -> list[Any]:
        told: list[Any] = []
        for typed in ("jansen", "huur", "kade", "jansen huur", "niemand"):
            with statements(town) as asked:
                hits = found(town, "kim.1", typed)
            told.append(([(each.case_id, each.words, list(each.kinds)) for each in hits], asked))
        return told

    answers()  # what is asked once in a process is asked
    before = answers()
    for _ in range(12):
        hidden = opened(town, "Jansen, Kade 3", "De huur van Jansen op de kade, niemand betaalt")
        town.work("fenna").act_on(HouseholdCase, hidden.id, "protect", {"protected_why": "Een collega."})
    assert answers() == before


def test_what_can_be_found_stays_in_step_with_every_change_also_past_the_session(town: Town) -> None:
    case = opened(town, "Wouda, Kade 3")
    home = case.household_id
    fenna = town.work("fenna")
    lives = record_resident(fenna, NewResident(case.household_id, "Olle Wouda")).id
    fenna.act_on(HouseholdCase, case.id, "found_safe", {"safety": "Gevaarlijkwoord"})
    fenna.act_on(HouseholdCase, case.id, "question_is_clear", {"question": "Een zonnig balkon"})
    assert cases_found(town, "fenna", "balkonnen zonnig") == [case.id]
    assert cases_found(town, "fenna", "gevaarlijkwoord") == [], "safety is read in the case, and not searched"
    town.work("fenna").act_on(Resident, lives, "remove", {"why": "Verhuisd"})
    assert cases_found(town, "fenna", "olle") == []
    assert differences(town.clockwork().session) == []
    entries = _entries(town)
    assert rebuild(town.clockwork()) == len(entries) and _entries(town) == entries
    work = town.clockwork()
    with work.transaction() as session:
        session.execute(
            update(Household).values(who_or_where="Anders"), execution_options={"synchronize_session": False}
        )
    assert differences(town.clockwork().session) == [f"household {home}: cannot be found by what it says"]
    with work.transaction() as session:
        session.execute(text("DELETE FROM search_entry WHERE kind = 'household_case'"))
    assert len(differences(town.clockwork().session)) == 2
    rebuild(town.clockwork())
    assert differences(town.clockwork().session) == [] and cases_found(town, "fenna", "anders") == [case.id]


def _entries(town: Town) -> list[Any]:
    columns = (SearchEntry.kind, SearchEntry.ref, SearchEntry.names, SearchEntry.terms)
    return list(town.clockwork().session.execute(select(*columns).order_by(SearchEntry.kind, SearchEntry.ref)))


def test_of_what_is_destroyed_nothing_can_be_found_any_more(town: Town) -> None:
    full_case(town)
    made = signed(town)
    with clock.standing_at(DUE):
        carry_out(town.work("ada"), town.house.retention, made)
    session = town.clockwork().session
    of_people = SearchEntry.person_id.is_not(None)
    assert session.scalar(select(func.count()).select_from(SearchEntry).where(~of_people)) == 0
    if town.house.database.dialect.name == "sqlite":
        left = "SELECT count(*) FROM search_match WHERE search_match MATCH 'zwaluwzorg OR zwaluwstraat'"
        assert session.scalar(text(left)) == 0


def test_people_are_found_by_what_they_want_to_help_with_whatever_service_they_work_for(town: Town) -> None:
    keep_offer(
        town.work("sam.1"), Offer("Ik praat graag met deurwaarders", ["finance"], "Turks en Arabisch"), ["finance"]
    )
    work = town.work("gijs")
    reader = reader_of(work.session, town.house.grounds, work.actor)
    with town.house.reading(reader) as reading:
        for typed in ("deurwaarder", "arabisch", "Sam"):
            assert number(town, "sam.1") in find_people(reading, typed), typed
    with town.house.reading(reader) as reading:
        assert find_people(reading, "schulden") == {}, "no word of it is theirs"
        by_domain = find_people(reading, "schulden", {"finance": ["schuld", "deurwaarder"]})
        assert number(town, "sam.1") in by_domain, "but it is about what they help with"
    keep_offer(town.work("sam.1"), Offer("Ik praat met deurwaarders"), [])
    with town.house.reading(reader) as reading:
        assert number(town, "sam.1") in find_people(reading, "schulden", {"finance": ["schuld", "deurwaarder"]})
    keep_offer(town.work("sam.1"), Offer(), ["finance"])
    with town.house.reading(reader) as reading:
        assert find_people(reading, "deurwaarder") == {}, "who takes it away is no longer found by it"
