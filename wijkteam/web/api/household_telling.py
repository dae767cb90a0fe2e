"""What programs read about households besides subjects, and how they find: a case's log, doubles, words, people."""

from typing import Any

from flask import abort, request
from werkzeug.exceptions import BadRequest

from wijkteam.cases import queries as cases
from wijkteam.engine.definition import Text
from wijkteam.engine.fields import WrongFields
from wijkteam.people import queries as people
from wijkteam.people.offering import Helper, helpers
from wijkteam.plans import queries as plans
from wijkteam.residents.service import OtherHome, record_in_other_home
from wijkteam.search import doubles as doubling
from wijkteam.search.queries import Found, find_people
from wijkteam.search.queries import find as found_by
from wijkteam.web.acting import house, log, reading, work
from wijkteam.web.api.bodies import Asked, read_body
from wijkteam.web.api.doing import REPLAYED, made_id, once
from wijkteam.web.api.kinds import BY_NAME
from wijkteam.web.api.making import DAY, LINE, YES_NO
from wijkteam.web.api.shapes import MOMENT, Schema, euros, moment, value
from wijkteam.web.api.shapes import TEXT as WORDS
from wijkteam.web.api.subjects import answer, find, read
from wijkteam.web.api.telling import many, optional, thing
from wijkteam.web.deciding import own_powers
from wijkteam.web.language import _, language, said
from wijkteam.web.people_finding import domain_words
from wijkteam.web.search import IN_WORDS, LONGEST, MOST_SHOWN
from wijkteam.web.showing import list_titles
from wijkteam.web.story import lines_of

MOST_LINES, USUAL_LINES = 200, 50
ABOUT = {
    "contact": "contact",
    "people": "mensen",
    "escalations": "opschaling",
    "decisions": "besluiten",
    "documents": "documenten",
}
"""What the log can be narrowed to, and what the page calls it in its address."""
CASE = BY_NAME["household_case"]
NUMBER: Schema = {"type": "integer"}
TEXTS: Schema = {"type": "array", "items": WORDS}
EURO: Schema = optional(WORDS)
LOG = many(thing(at=MOMENT, kind=WORDS, id=WORDS, name=WORDS, by=optional(NUMBER), text=WORDS))
DOUBLES = many(thing(openedBy=NUMBER, foundAt=MOMENT))
LIKE = many(thing(household=WORDS, caseIds=TEXTS, by=TEXTS))
POWERS = many(thing(power=WORDS, title=WORDS, ceiling=EURO, left=EURO))
OUTCOME = thing(outcome=optional(WORDS), because=WORDS)
HITS = many(thing(kind=WORDS, id=WORDS, title=WORDS, foundIn=TEXTS))
INSTRUMENTS = many(
    thing(
        instrument=WORDS,
        version=NUMBER,
        title=WORDS,
        of=TEXTS,
        allDomains={"type": "boolean"},
        levels={"type": "array", "items": thing(code=NUMBER, title=WORDS)},
        domains={"type": "array", "items": thing(code=WORDS, title=WORDS)},
    )
)
OFFER = thing(words=WORDS, lifeDomains=TEXTS, languages=WORDS, reach=WORDS)
FOUND_PEOPLE = many(
    thing(
        id=NUMBER, name=WORDS, functions=TEXTS, isAway={"type": "boolean"}, offer={"anyOf": [OFFER, {"type": "null"}]}
    )
)
ELSEWHERE: Asked = {"other_case_id": LINE, "since": DAY, "part_of_time": LINE, "moved": YES_NO}
Told = dict[str, Any]


def _asked(name: str) -> str:
    return " ".join(request.args.get(name, "").split())[:LONGEST]


def _title(words: Text) -> str:
    return said(words)


def case_log(case_id: str) -> Told:
    """Everything that happened in a case and under it that the person may read, newest first, as sentences."""
    case = read(CASE, case_id)[0]
    about, size = request.args.get("about", ""), request.args.get("limit", str(USUAL_LINES))
    if (about and about not in ABOUT) or not (size.isascii() and size.isdigit() and 1 <= int(size[:9]) <= MOST_LINES):
        raise BadRequest
    return {
        "items": [
            {
                "at": moment(each.event.at),
                "kind": each.event.subject_kind,
                "id": each.event.subject_id,
                "name": each.event.name,
                "by": each.event.actor_id,
                "text": each.more or each.text,
            }
            for each in lines_of(case, ABOUT.get(about, ""), int(size[:9]))
        ]
    }


def doubles(case_id: str) -> Told:
    """Who opened a case that looks like this one, for its owner; which case that is, nobody is told."""
    case = read(CASE, case_id)[0]
    if case.owner_id != work().actor.person_id:
        return {"items": []}
    found = doubling.doubles_of_case(reading(), case.id)
    return {"items": [{"openedBy": each.opened_by, "foundAt": moment(each.found_at)} for each in found]}


def doubles_seen(case_id: str) -> Told:
    """The owner of the case has seen them; for anybody else there is nothing to see (404)."""
    find(CASE, case_id, to_work=True)
    doubling.put_away_doubles(work(), case_id)
    return {"items": []}


def like() -> Told:
    """Cases that the person may read of households that look like what is typed: to look before opening a new one."""
    if "best_person" not in work().actor.functions:
        abort(404)
    found = doubling.doubles_of(reading(), _asked("whoOrWhere"), _asked("whatIsGoingOn"))
    return {
        "items": [
            {
                "household": each.household.who_or_where,
                "caseIds": [case.id for case in each.cases],
                "by": sorted(one.name.lower() for one in each.by),
            }
            for each in found
        ]
    }


def powers(case_id: str) -> Told:
    """What the person may decide in this case within their own mandate, as the register says it now."""
    case = find(CASE, case_id, to_work=True)[0]
    log(case, "casus")
    return {
        "items": [
            {"power": each.code, "title": each.title, "ceiling": euros(each.ceiling), "left": euros(each.left)}
            for each in own_powers(find(CASE, case_id, to_work=True)[0])
        ]
    }


def outcome(case_id: str) -> Told:
    """What the goals suggest for the outcome of the case; a person says what it was."""
    case = read(CASE, case_id, "uitkomst")[0]
    found = plans.suggested_outcome(plans.plan_of_case(reading(), case.id).goals)
    return {"outcome": found.code if found else None, "because": found.because if found else ""}


def other_home(resident_id: str) -> Any:
    """Record that a resident lives in the household of another case too, or moved there; answers with them there."""
    kind = BY_NAME["resident"]
    find(kind, resident_id, to_work=True)
    given = read_body(ELSEWHERE)
    made: list[str] = []
    there = cases.find_case(reading(), given.get("other_case_id", ""))
    if there is None:
        raise WrongFields.of("other_case_id", "Kies een huishouden.", "Choose a household.")
    home = OtherHome(there.household_id, given.get("since", ""), given.get("part_of_time"), given.get("moved", False))
    number = made_id()
    replayed = once(given, lambda: made.append(record_in_other_home(work(), resident_id, home, number).id))
    told = answer(kind, *find(kind, number), 201)
    if replayed:
        told.headers[REPLAYED] = "true"
    return told


def instruments() -> Told:
    """What can be measured with today: the domains, and the levels from low to high."""
    return {
        "items": [
            {
                "instrument": each.instrument,
                "version": each.version,
                "title": _title(each.title),
                "of": list(each.of),
                "allDomains": each.all_domains,
                "levels": [{"code": level.code, "title": _title(level)} for level in each.levels],
                "domains": [{"code": code, "title": _title(title)} for code, title in each.domains.items()],
            }
            for each in house().instruments.choices()
        ]
    }


def search() -> Told:
    """Cases, signals and people by words and names, among what the person may read, best first."""
    typed = _asked("q")
    hits = map(_hit, found_by(reading(), typed)[:MOST_SHOWN] if typed else [])
    return {"items": [each for each in hits if each is not None]}


def _hit(found: Found) -> Told | None:
    session = reading()
    case = cases.find_case(session, found.case_id) if found.case_id else None
    if case is not None:
        title = cases.household(session, case.household_id).who_or_where
        return {"kind": CASE.name, "id": case.id, "title": title, "foundIn": _places(found)}
    if found.signal_id is not None:
        signal = session.get(BY_NAME["resident_signal"].model, found.signal_id)
        told = {"kind": "resident_signal", "id": found.signal_id, "foundIn": []}
        return {**told, "title": signal.words} if signal is not None else None  # type: ignore[attr-defined]
    person = people.active(session, {found.person_id}).get(found.person_id) if found.person_id is not None else None
    return {"kind": "person", "id": str(person.id), "title": person.name, "foundIn": []} if person else None


def _places(found: Found) -> list[str]:
    return [_(IN_WORDS[each]) for each in found.kinds if each in IN_WORDS]


def people_found() -> Told:
    """People by words, name, language or life domain; nobody is left out for the service they work for."""
    typed, domain = _asked("q"), request.args.get("lifeDomain", "")
    if domain and domain not in list_titles("life_domains"):
        raise BadRequest
    order = find_people(reading(), typed, domain_words()) if typed else None
    found = helpers(reading(), order, domain, language())
    return {"items": [_helper(each) for each in found if typed or domain or each.offer is not None]}


def _helper(found: Helper) -> Told:
    return {
        "id": found.person.id,
        "name": found.person.name,
        "functions": list(found.functions),
        "isAway": found.is_away,
        "offer": _offered(found.offer) if found.offer is not None else None,
    }


def _offered(offer: Any) -> Told:
    told = {name: value(getattr(offer, name, "")) or "" for name in ("words", "languages", "reach")}
    return {**told, "lifeDomains": offer.life_domains.split() if offer is not None else []}
