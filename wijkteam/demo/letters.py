"""What became of the letters in the made-up past: sent, now and then contested, and mostly decided on by today."""

from datetime import datetime, timedelta
from random import Random

from wijkteam.deadlines.worker import let_time_pass
from wijkteam.engine.running import Refused
from wijkteam.letters.model import Letter
from wijkteam.letters.queries import letters_of_case
from wijkteam.objections.model import Objection
from wijkteam.objections.queries import OFFICER
from wijkteam.objections.service import NewObjection, register_objection
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.storage.work import Work
from wijkteam.terms import clock

CONTESTED = 0.25
"""The share of decisions under public law that somebody objects to: many, so that a small demo has some."""
WORDS = ("Het bedrag is te laag.", "Vier weken hulp is te kort.", "U kende mijn situatie niet.")
FOUND = {
    "founded": ("revised", "U hebt gelijk. Wij keken niet naar de brief van uw arts."),
    "unfounded": ("stands", "Wij hebben alles opnieuw bekeken. De hulp past bij wat u nodig hebt."),
}


def live_on(work: Work, case_id: str, household_id: int, until: datetime, seed: str) -> None:
    """Let the letters of a case be sent a day after their decision, and some be objected to; up to a moment."""
    chance = Random(seed)
    work.session.flush()
    for letter in sorted(letters_of_case(work.session, case_id).values(), key=lambda each: each.decision_id):
        if _send(work, letter, until) and letter.can_be_contested and chance.random() < CONTESTED:
            _object(work, letter, household_id, until, chance)
        let_time_pass(work, [letter.id], until)


def _send(work: Work, letter: Letter, until: datetime) -> bool:
    moment = letter.opened_at + timedelta(days=1)
    if moment >= until:
        return False
    day = clock.local(moment).date()
    writer = people.acting_person(work.session, letter.written_by)
    assert writer is not None
    _do(work, letter, "send", writer, moment, sent_on=day, sent_how="post")
    return letter.sent_on == day


def _object(work: Work, letter: Letter, household_id: int, until: datetime, chance: Random) -> None:
    moment = letter.opened_at + timedelta(days=chance.randint(5, 40))
    officer = _officer(work)
    if moment >= until or officer is None:
        return
    new = NewObjection(
        letter.case_id,
        letter.team_id,
        household_id,
        letter.decision_id,
        clock.local(moment).date(),
        chance.choice(WORDS),
    )
    with clock.standing_at(moment):
        objection = register_objection(work.acting_as(officer), new)
    steps = (
        ("take_up", 2, officer, {"confirmed_on": 2, "committee": False}),
        ("hold_hearing", 20, officer, {"hearing_on": 20, "hearing_words": "De bewoner legde uit wat er nodig is."}),
    )
    for name, days, actor, fields in steps:
        at = moment + timedelta(days=days)
        if not _by_then(work, objection, at, until):
            return
        day = clock.local(at).date()
        given = {key: day if key.endswith("_on") else value for key, value in fields.items()}
        _do(work, objection, name, actor, at, **given)
    at = moment + timedelta(days=chance.randint(25, 60))
    outcome = chance.choice(sorted(FOUND))
    follows, why = FOUND[outcome]
    if _by_then(work, objection, at, until):
        for manager in people.holders(work.session, "manager"):
            decider = people.acting_person(work.session, manager.id)
            if decider is not None:
                _do(work, objection, "decide", decider, at, outcome=outcome, first_decision=follows, motivation=why)
    for answer in letters_of_case(work.session, letter.case_id).values():
        if answer.written_by == objection.decided_by and _send(work, answer, until):
            let_time_pass(work, [answer.id], until)


def _officer(work: Work) -> ActingPerson | None:
    found = people.holders(work.session, OFFICER)
    return people.acting_person(work.session, found[0].id) if found else None


def _by_then(work: Work, objection: Objection, at: datetime, until: datetime) -> bool:
    let_time_pass(work, [objection.id], min(at, until))
    return at < until


def _do(work: Work, subject: object, name: str, actor: ActingPerson, at: datetime, **fields: object) -> None:
    with clock.standing_at(at):
        try:
            work.acting_as(actor).fire(subject, name, fields)
        except Refused:
            return
    work.session.flush()
