"""The other two groups of my work: what I asked of others, with who has it and by when; and what is nearly late."""

from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from flask import url_for
from sqlalchemy import Select

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.queries import due_moments
from wijkteam.escalation import structural_queries as structurals
from wijkteam.legal_terms import queries as legal_terms
from wijkteam.mandate import queries as mandate
from wijkteam.people import queries as people
from wijkteam.storage.asking import any_of, found_any, written_once
from wijkteam.terms import clock
from wijkteam.tracks import queries as tracks
from wijkteam.web.acting import house, over_all, reading, work
from wijkteam.web.language import _
from wijkteam.web.links import way_to
from wijkteam.web.my_own import MyOwn
from wijkteam.web.showing import function_titles, list_title, power_titles, state_title
from wijkteam.web.work_items import Item

MOST_NAMES = 3
MANY = 1_000
"""As many of each as a page ever shows, where nothing else was said."""


@written_once
def _any_with_others(me: int, until: date) -> Select[Any]:
    return any_of(
        {
            "others": cases.rows_waiting_on_others(me),
            "tracks": tracks.rows_done_by_others(me),
            "terms": legal_terms.rows_nearly_over(me, until),
        }
    )


class MyWaiting:
    """Both groups for the signed-in person, from a few questions however much there is; `most` of each at most.

    Which of very many rows come first is asked past the wall, by ids of what is one's own; what is shown is then read
    through it. The wall would look at each of those rows by itself, also at those that are not shown.
    """

    def __init__(self, own: MyOwn) -> None:
        self.own = own
        self.shown, self.me, self.most = reading(), work().actor.person_id, own.most or MANY
        most = self.most
        self.last = clock.today() + timedelta(days=house().caseload.coming_days)
        midnight = datetime.combine(self.last + timedelta(days=1), time(), clock.NETHERLANDS)
        late = over_all(cases.due_by, self.me, midnight, most)
        there = over_all(found_any, _any_with_others(self.me, self.last))
        others = over_all(cases.waiting_on_others, self.me, most) if "others" in there else []
        done = over_all(tracks.done_by_others, self.me, most) if "tracks" in there else []
        ending = over_all(legal_terms.nearly_over, self.me, self.last, most) if "terms" in there else []
        self.others_do = tracks.tracks(self.shown, done)
        self.ending = legal_terms.legal_terms(self.shown, ending)
        below = {each.case_id for each in self.others_do} | {each.case_id for each in self.ending}
        wanted = {*late, *others} | below
        self.by_id = cases.cases(self.shown, wanted)
        self.late = {number: due for number, due in late.items() if number in self.by_id}
        self.with_others = [self.by_id[number] for number in others if number in self.by_id]
        self.homes = cases.households(self.shown, {each.household_id for each in self.by_id.values()})
        self.handled = [each for each in own.signals if each.handler_id == self.me]

    @cached_property
    def _functions(self) -> dict[str, str]:
        return function_titles()

    def asked_of_others(self) -> list[Item]:
        """What others have to answer or do for me, soonest first; each says who has it."""
        found = [*self._requests(), *self._escalations(), *self._patterns(), *self._in_my_cases(), *self._tracks()]
        return sorted(found, key=lambda item: (item.due is None, item.due, item.title))[: self.most]

    def nearly_late(self) -> list[Item]:
        """Terms of what is mine that end in the coming days, or have ended; soonest first."""
        all_of_them = (*self._states(), *self._legal_terms())
        found = [each for each in all_of_them if each.due is not None and each.due <= self.last]
        return sorted(found, key=lambda item: (item.due, item.title))[: self.most]

    def _home(self, case: HouseholdCase) -> str:
        home = self.homes.get(case.household_id)
        return home.who_or_where if home is not None else _("Casus")

    def _who(self, function: str, team_id: int | None) -> str:
        found = people.holders(self.shown, function, team_id)
        names = ", ".join(each.name for each in found[:MOST_NAMES])
        title = self._functions.get(function, function)
        return f"{title} ({names})" if names else _("%(who)s: nu niemand", who=title)

    def _requests(self) -> list[Item]:
        mine = [each for each in self.own.requests if each.state in mandate.WAITING]
        moments = due_moments(self.shown, [each.id for each in mine])
        powers, ladder, found = power_titles() if mine else {}, house().mandate_ladder, []
        for each in mine:
            paying = each.state == "payment_ordered"
            function = "payer" if paying else ladder.rung(each.rung).function
            due = each.answer_by or moments.get(each.id)
            found.append(
                Item(
                    _("Mandaatverzoek"),
                    powers.get(each.power, each.power),
                    _("Ligt bij: %(who)s", who=self._who(function, each.team_id)),
                    url_for("requests.page", request_id=each.id),
                    clock.local(due).date() if due is not None else None,
                )
            )
        return found

    def _escalations(self) -> list[Item]:
        asked = [each for each in self.own.escalations if each.state == "asked"]
        return [
            Item(
                _("Opschaling"),
                each.question,
                _("Ligt bij: %(who)s", who=self._who(house().ladder.rung(each.rung).function, each.team_id)),
                url_for("escalations.page", escalation_id=each.id),
                clock.local(each.respond_by).date() if each.respond_by else None,
            )
            for each in asked
        ]

    def _patterns(self) -> list[Item]:
        mine = structurals.asked_by(self.shown, self.me) if "structurals" in self.own.there else []
        return [
            Item(
                _("Structurele opschaling"),
                each.question,
                _("Ligt bij: %(who)s", who=self._who(house().ladder.rung(each.rung).function, None)),
                url_for("patterns.page", structural_id=each.id),
                clock.local(each.respond_by).date() if each.respond_by else None,
            )
            for each in mine
        ]

    def _in_my_cases(self) -> list[Item]:
        """A next step that a colleague takes, and a case that a colleague is asked to take over."""
        others = {each.next_step_by for each in self.with_others} | {
            each.new_owner_id or 0 for each in self.with_others
        }
        names, found = people.names(self.shown, others), []
        for each in self.with_others:
            link = url_for("cases.page", case_id=each.id)
            if each.new_owner_id is not None and each.new_owner_id != self.me:
                about = _("Ligt bij: %(who)s", who=names.get(each.new_owner_id, ""))
                found.append(Item(_("Overdracht"), self._home(each), about, link, each.next_step_on))
            elif each.next_step_by != self.me:
                about = _("Ligt bij: %(who)s", who=names.get(each.next_step_by, "")) + f". {each.next_step}"
                found.append(Item(_("Volgende stap"), self._home(each), about, link, each.next_step_on))
        return found

    def _tracks(self) -> list[Item]:
        names = people.names(self.shown, {each.worker_id for each in self.others_do})
        return [
            Item(
                _("Spoor"),
                f"{self._home(self.by_id[each.case_id])}: {list_title('life_domains', each.life_domain)}",
                _("Ligt bij: %(who)s", who=names.get(each.worker_id, "")) + f". {each.next_step}",
                url_for("tracks.page", track_id=each.id),
                each.next_step_on,
            )
            for each in self.others_do
            if each.case_id in self.by_id
        ]

    def _states(self) -> list[Item]:
        mine = self.own.tracks
        moments = due_moments(self.shown, [*(each.id for each in mine), *(each.id for each in self.handled)])
        days = {subject: clock.local(moment).date() for subject, moment in (*moments.items(), *self.late.items())}
        case, open_case, ending = _("Casus"), way_to("cases.page", "case_id"), _("De termijn van deze stand loopt af.")
        found = [
            Item(
                f"{case} · {state_title('household_case', each.state)}",
                self._home(each),
                ending,
                open_case(each.id),
                days.get(each.id),
            )
            for each in (self.by_id[number] for number in self.late)
        ]
        found += [
            Item(
                f"{_('Spoor')} · {state_title('track', each.state)}",
                each.goal,
                _("De termijn van dit spoor loopt af."),
                url_for("tracks.page", track_id=each.id),
                days.get(each.id),
            )
            for each in mine
        ]
        return found + [
            Item(
                f"{_('Signaal')} · {state_title('resident_signal', each.state)}",
                each.words,
                _("De termijn van dit signaal loopt af."),
                url_for("signals.page", signal_id=each.id),
                days.get(each.id),
            )
            for each in self.handled
        ]

    def _legal_terms(self) -> list[Item]:
        return [
            Item(
                _("Wettelijke termijn"),
                list_title("legal_matters", each.matter),
                f"{self._home(self.by_id[each.case_id])}. {each.concerns or ''}".strip(),
                url_for("legal_terms.page", term_id=each.id),
                each.suspended_until or each.ends_on,
            )
            for each in self.ending
            if each.case_id in self.by_id
        ]
