"""My work: what asks me something, ordered by when it is due."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access import sharing
from wijkteam.cases import queries as cases
from wijkteam.deadlines.queries import due_moments
from wijkteam.escalation import queries as escalations
from wijkteam.escalation import structural_queries as structurals
from wijkteam.escalation.breakthroughs import open_of_owner
from wijkteam.events import queries as events
from wijkteam.letters import queries as letters
from wijkteam.mandate import queries as mandate
from wijkteam.mandate.model import MandateRequest
from wijkteam.people import queries as people
from wijkteam.search import doubles
from wijkteam.signals import queries as signals
from wijkteam.terms import clock
from wijkteam.web.acting import house, reading, work
from wijkteam.web.language import _, later
from wijkteam.web.links import LINKS, way_to
from wijkteam.web.my_office import of_my_office
from wijkteam.web.my_own import MyOwn
from wijkteam.web.my_waiting import MyWaiting
from wijkteam.web.showing import euros, list_title, power_titles
from wijkteam.web.work_items import Item, due_day
from wijkteam.zgw.queries import late_news, unseen_news

pages = Blueprint("my_work", __name__)
FAR_AWAY = date(9999, 12, 31)
MINE = {
    "approved": later("Mandaat gekregen"),
    "decided": later("Besloten"),
    "asked_back": later("Vraag terug"),
    "refused": later("Geweigerd"),
    "draft": later("Concept"),
}
"""States in which a mandate request waits for whoever made it, and what that is called."""


SHOWN = 50
"""How many items the page shows at first of each group, and how many more each time somebody asks for more."""
MOST_SHOWN = 1_000


def items(most: int | None = None, own: MyOwn | None = None) -> list[Item]:
    """Everything that asks the signed-in person something, soonest first; the first ones where `most` is given.

    Of what somebody can have very much of (cases, tracks) no more is read than can be among the first.
    """
    mine = own or MyOwn(most)
    found = [*_cases(mine), *_tracks(mine), *of_my_office(mine.there)]
    for name, group in GROUPS.items():
        if name in mine.there:
            found += group(mine)
    return sorted(found, key=lambda item: (item.due or FAR_AWAY, item.title))[:most]


def _cases(own: MyOwn) -> list[Item]:
    session, me = reading(), work().actor.person_id
    mine = cases.soonest_cases_of(session, me, own.most, "offered" in own.there)
    homes = cases.households(session, {case.household_id for case in mine})
    offered, owned, open_case = _("Overdracht"), _("Casus"), way_to("cases.page", "case_id")
    at_once = (
        (way_to("cases.page", "case_id", "contact"), _("Contact noteren")),
        (way_to("deciding.page", "case_id"), _("Besluit nemen")),
        (way_to("cases.escalate_case", "case_id"), _("Opschalen")),
    )
    """What the card of a case lets its owner do at once."""
    found = []
    for case in mine:
        taking_over = case.new_owner_id == me
        found.append(
            Item(
                offered if taking_over else owned,
                homes[case.household_id].who_or_where,
                _("Neemt u deze casus over?") if taking_over else case.next_step,
                open_case(case.id),
                case.next_step_on,
                () if taking_over else tuple((way(case.id), words) for way, words in at_once),
            )
        )
    return found


def _tracks(own: MyOwn) -> list[Item]:
    return [
        Item(
            _("Spoor"),
            f"{list_title('life_domains', each.life_domain)}: {each.goal}",
            each.next_step,
            url_for("tracks.page", track_id=each.id),
            each.next_step_on,
        )
        for each in own.tracks
    ]


def _escalations(_own: MyOwn) -> list[Item]:
    return [
        Item(
            _("Opschaling"),
            list_title("barriers", each.barrier),
            each.question,
            url_for("escalations.page", escalation_id=each.id),
            clock.local(each.respond_by).date() if each.respond_by else None,
        )
        for each in escalations.waiting_for(reading(), work().actor, house().ladder)
    ]


def _answers(own: MyOwn) -> list[Item]:
    """Answers to escalations of mine."""
    mine = [each for each in own.escalations if each.state == "answered"]
    moments = due_moments(reading(), [each.id for each in mine])
    return [
        Item(
            _("Antwoord"),
            _("Er is een antwoord op uw opschaling"),
            each.answer or "",
            url_for("escalations.page", escalation_id=each.id),
            due_day(each.id, moments),
        )
        for each in mine
    ]


def _questions_back(_own: MyOwn) -> list[Item]:
    """Questions in return, which whoever asked or owns the case answers."""
    session, person = reading(), work().actor
    back = escalations.asked_back_of(session, person.person_id)
    moments = due_moments(session, [each.id for each in back])
    return [
        Item(
            _("Vraag terug"),
            _("%(who)s vraagt iets over uw opschaling", who=people.name(session, each.asked_back_by)),
            each.question_back or "",
            url_for("escalations.page", escalation_id=each.id),
            due_day(each.id, moments),
        )
        for each in back
    ]


def _patterns(_own: MyOwn) -> list[Item]:
    session, person = reading(), work().actor
    found = structurals.waits_for(session, person, house().ladder)
    moments = due_moments(session, [each.id for each in found])
    return [
        Item(
            _("Structurele opschaling"),
            list_title("barriers", each.barrier),
            {"asked": each.question, "asked_back": each.question_back}.get(each.state) or each.answer or "",
            url_for("patterns.page", structural_id=each.id),
            due_day(each.id, moments),
        )
        for each in found
    ]


def _breakthroughs(_own: MyOwn) -> list[Item]:
    return [
        Item(
            _("Doorbraak"),
            each.title,
            each.progress or _("U trekt deze doorbraak."),
            url_for("breakthroughs.page", breakthrough_id=each.id),
            each.promised_on,
        )
        for each in open_of_owner(reading(), work().actor.person_id)
    ]


def _requests(_own: MyOwn) -> list[Item]:
    session, person = reading(), work().actor
    asked = list(session.scalars(mandate.waiting_for(person, house().mandate_ladder)))
    moments = due_moments(session, [each.id for each in asked])
    moments.update({each.id: each.answer_by for each in asked if each.state == "asked" and each.answer_by})
    return [_request(each, _("Mandaatverzoek"), due_day(each.id, moments)) for each in asked]


def _my_requests(own: MyOwn) -> list[Item]:
    """Mandate requests of mine that wait for me."""
    return [_request(each, _(MINE[each.state]), None) for each in own.requests if each.state in MINE]


def _request(found: MandateRequest, kind: str, due: date | None) -> Item:
    amount = f" · {euros(found.amount)}" if found.amount else ""
    about = found.question or found.reason if found.state == "asked_back" else found.reason
    title = power_titles().get(found.power, found.power)
    return Item(kind, title + amount, about, url_for("requests.page", request_id=found.id), due)


def _signals(own: MyOwn) -> list[Item]:
    person, ladder = work().actor, house().ladder
    mine = [each for each in own.signals if signals.asks_me(each, person, ladder)]
    moments = due_moments(reading(), [each.id for each in mine])
    return [
        Item(
            _("De bewoner zegt: dit helpt mij niet") if each.state == signals.NOT_HELPED else _("Signaal"),
            each.words_in_dutch or each.words,
            _("Vertel terug wat ermee is gedaan."),
            url_for("signals.page", signal_id=each.id),
            due_day(each.id, moments),
        )
        for each in mine
    ]


def _complaints(_own: MyOwn) -> list[Item]:
    session, person = reading(), work().actor
    mine = [each for each in signals.complaints_for(session) if signals.complaint_asks_me(each, person)]
    moments = due_moments(session, [each.id for each in mine])
    return [
        Item(
            _("Klacht over gedrag"),
            each.words_in_dutch or each.words,
            _("Kies wie de klacht behandelt.") if each.handler_id is None else _("Vertel wat u vond."),
            url_for("complaints.page", complaint_id=each.id),
            due_day(each.id, moments),
        )
        for each in mine
    ]


def _letters(_own: MyOwn) -> list[Item]:
    session = reading()
    mine = letters.letters_to_send(session, work().actor.person_id)
    moments = due_moments(session, [each.id for each in mine])
    found = cases.cases(session, {each.case_id for each in mine})
    homes = cases.households(session, {case.household_id for case in found.values()})
    return [
        Item(
            _("Brief"),
            homes[found[each.case_id].household_id].who_or_where,
            _("Verstuur of geef de brief van het besluit."),
            url_for("letters.page", letter_id=each.id),
            due_day(each.id, moments),
        )
        for each in mine
    ]


def _doubles(_own: MyOwn) -> list[Item]:
    """Who opened a case that looks like one of mine, and cannot read mine."""
    session = reading()
    found = doubles.unseen_doubles(session, work().actor.person_id)
    homes = cases.households(session, {case.household_id for each, case in found})
    return [
        Item(
            _("Mogelijk dubbel"),
            homes[case.household_id].who_or_where,
            _("%(who)s opende een casus die hierop lijkt. Overleg samen.", who=people.name(session, each.opened_by)),
            url_for("cases.page", case_id=case.id),
            clock.local(each.found_at).date(),
        )
        for each, case in found
    ]


def _changed_elsewhere(_own: MyOwn) -> list[Item]:
    """What others changed in the zaken of my cases, in the municipality's case system."""
    session = reading()
    found = unseen_news(session, work().actor.person_id)
    homes = cases.households(session, {case.household_id for case, _news in found})
    return [
        Item(
            _("Zaaksysteem"),
            homes[case.household_id].who_or_where,
            _("Iemand veranderde iets in het zaaksysteem. Kijk of dat klopt."),
            url_for("cases.page", case_id=case.id, _anchor="zaaksysteem"),
            news.look_by or clock.local(news.noticed_at).date(),
        )
        for case, news in found
    ]


def _not_looked_at(_own: MyOwn) -> list[Item]:
    """What others changed in zaken of my team, and the owner of the case did not look at in time."""
    session = reading()
    found = late_news(session, work().actor, clock.today())
    homes = cases.households(session, {case.household_id for case, _news in found})
    names = people.names(session, {case.owner_id for case, _news in found})
    return [
        Item(
            _("Zaaksysteem"),
            homes[case.household_id].who_or_where,
            _("Niet op tijd bekeken door %(who)s.", who=names[case.owner_id]),
            url_for("cases.page", case_id=case.id, _anchor="zaaksysteem"),
            news.look_by or clock.local(news.noticed_at).date(),
        )
        for case, news in found
    ]


def _shared_with_me(_own: MyOwn) -> list[Item]:
    """What organisations share with me as their guest."""
    session, person = reading(), work().actor
    shared = sharing.shared_with(session, person.person_id)
    found = cases.cases(session, {each.case_id for each in shared})
    homes = cases.households(session, {case.household_id for case in found.values()})
    return [
        Item(
            _("Met u gedeeld"),
            homes[found[each.case_id].household_id].who_or_where,
            each.purpose,
            url_for("cases.page", case_id=each.case_id),
            each.last_day,
        )
        for each in shared
        if each.case_id in found and found[each.case_id].protected_why is None
    ]


GROUPS: dict[str, Callable[[MyOwn], list[Item]]] = {
    "escalations": _escalations,
    "my_escalations": _answers,
    "asked_back": _questions_back,
    "structurals": _patterns,
    "breakthroughs": _breakthroughs,
    "requests": _requests,
    "my_requests": _my_requests,
    "signals": _signals,
    "complaints": _complaints,
    "letters": _letters,
    "shared": _shared_with_me,
    "doubles": _doubles,
    "zaak_news": _changed_elsewhere,
    "late_zaak_news": _not_looked_at,
}
"""What is only looked for where there is any of it."""


@pages.get("/")
@login_required
def page() -> str | Response:
    """What asks me something, and what I was told."""
    person = work().actor
    notices = events.unread_notices(reading(), person.person_id, 12)
    most = min(max(request.args.get("tot", SHOWN, type=int), SHOWN), MOST_SHOWN)
    own = MyOwn(most + 1)  # one more than is shown tells whether there is more
    others = MyWaiting(own)
    return render_template(
        "my_work.html",
        items=items(most + 1, own),
        asked=others.asked_of_others(),
        late=others.nearly_late(),
        most=most,
        further=min(most + SHOWN, MOST_SHOWN),
        days=house().caseload.coming_days,
        notices=notices,
        links=LINKS,
    )


@pages.post("/nieuws/gelezen")
@login_required
def put_away() -> Response:
    """Put the news away."""
    with work().transaction() as session:
        events.put_away_notices(session, work().actor.person_id)
    return redirect(url_for("my_work.page"))
