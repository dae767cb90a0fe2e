"""Publishing cases: each change once and in order, also when a worker is killed, the case system is away, or both.

What should be there is worked out anew from the case, each thing is looked up before it is added, and how far that
came is written down as the version of the case. So nothing is added twice, and nothing is skipped: the case's own
chain is the outbox, and its versions are the order.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import ColumnElement, exists, literal, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from wijkteam.cases.model import HouseholdCase
from wijkteam.documents.model import Document
from wijkteam.documents.queries import content_of, documents_of
from wijkteam.letters.model import Letter
from wijkteam.mandate.model import Decision
from wijkteam.messages.sending import wait_after
from wijkteam.objections.model import Objection
from wijkteam.storage.columns import Table
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.zgw.leaving import WENT_OUT, Leaving, leaving, number_of
from wijkteam.zgw.mapping import CaseMapping, ZgwMapping
from wijkteam.zgw.model import Zaak, ZaakDecision, ZaakDocument, ZaakState
from wijkteam.zgw.talking import CaseSystem, NotNow, Refused

log = structlog.get_logger()
LEASE = timedelta(minutes=5)
"""Longer than all requests about one case together may take."""
MOST_ATTEMPTS = 24
AT_ONCE = 100
LOOK_AGAIN = timedelta(hours=1)
MAY_CHANGE = ("vervaldatum", "vervalreden", "verzenddatum")
"""What of a besluit is brought in line: when and why it ends, and when it was made known."""


@dataclass
class Published:
    """What one round did."""

    told: int = 0
    same: int = 0
    """Cases in which nothing changed that leaves."""
    later: int = 0
    dead: int = 0

    @property
    def done(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.told or self.same or self.later or self.dead)

    def __str__(self) -> str:
        """In one line."""
        return f"{self.told} told, {self.same} without news, {self.later} to be tried again, {self.dead} dead"


@dataclass(frozen=True)
class _Claimed:
    case_id: str
    attempts: int
    version: int
    told: str
    url: str | None
    leaving: Leaving | None


def publish_round(
    work: Work,
    mapping: ZgwMapping,
    system: CaseSystem,
    stopped: Callable[[], bool] = lambda: False,
    only: str | None = None,
) -> Published:
    """Tell everything that the case system does not know yet; with `only` of that case alone.

    A case system that cannot do one now is left alone until the next round.
    """
    published = Published()
    if mapping.case is None:
        return published
    _begin(work, mapping, mapping.case)
    while not stopped() and not published.later:
        claimed = _claim(work, mapping, only)
        if claimed is None:
            break
        _publish(work, mapping, system, claimed, published)
    return published


def _may_begin(told: CaseMapping) -> ColumnElement[bool]:
    begins = HouseholdCase.state.in_(told.statuses) & HouseholdCase.protected_why.is_(None)
    if told.opened_from is not None:
        begins &= HouseholdCase.opened_at >= datetime.combine(told.opened_from, time(0), clock.NETHERLANDS)
    return begins & ~exists().where(Zaak.case_id == HouseholdCase.id)


def _begin(work: Work, mapping: ZgwMapping, told: CaseMapping) -> None:
    """Make a row for each case that is to be told and was not before."""
    found = work.session.scalars(select(HouseholdCase.id).where(_may_begin(told)).limit(AT_ONCE)).all()
    work.session.rollback()
    if not found:
        return
    new = {"version": 0, "told": "", "state": ZaakState.WAITING, "send_after": clock.now(), "attempts": 0, "looks": 0}
    rows = [{"case_id": each, "number": number_of(mapping, each), **new} for each in found]
    with work.transaction() as session:
        _keep_once(session, Zaak, rows)


def _keep_once(session: Session, model: type[Table], rows: list[dict[str, Any]]) -> None:
    """Add rows, but for those that another worker added first."""
    if rows:
        add = postgres_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
        session.execute(add(model).on_conflict_do_nothing(), rows)


def _has_news(told: CaseMapping) -> ColumnElement[bool]:
    """Whether a case went on since it was told, or has a decision, its undoing or a letter that was not told."""
    mine = (Decision.case_id == Zaak.case_id) & Decision.power.in_(list(told.decisions))
    untold = exists().where(mine, ~exists().where(ZaakDecision.decision_id == Decision.id))
    undone = exists().where(
        mine,
        Objection.decision_id == Decision.id,
        Objection.first_decision.in_(("revised", "withdrawn")),
        ZaakDecision.decision_id == Decision.id,
        ZaakDecision.undone.is_(None),
    )
    news = (HouseholdCase.version > Zaak.version) | untold | undone
    if not told.documents:
        return news
    return news | exists().where(
        mine,
        Letter.decision_id == Decision.id,
        Letter.state.in_(WENT_OUT),
        Letter.sent_on.is_not(None),
        Document.subject_kind == Letter.workflow,
        Document.subject_id == Letter.id,
        ~exists().where(ZaakDocument.letter_id == Letter.id),
    )


def _claim(work: Work, mapping: ZgwMapping, only: str | None) -> _Claimed | None:
    """The next case with news, leased to this worker, with the attempt counted before it is made."""
    assert mapping.case is not None
    now = clock.now()
    with work.transaction() as session:
        zaak = session.scalars(
            select(Zaak)
            .join(HouseholdCase, HouseholdCase.id == Zaak.case_id)
            .where(
                Zaak.state != ZaakState.DEAD,
                Zaak.send_after <= now,
                HouseholdCase.protected_why.is_(None),
                _has_news(mapping.case),
                literal(True) if only is None else Zaak.case_id == only,
            )
            .order_by(Zaak.send_after, Zaak.case_id)
            .limit(1)
            .with_for_update(of=Zaak, skip_locked=True)
            .execution_options(populate_existing=True)
        ).first()
        if zaak is None:
            return None
        zaak.state = ZaakState.WAITING
        zaak.attempts += 1
        zaak.send_after = now + LEASE
        case = session.get_one(HouseholdCase, zaak.case_id, populate_existing=True)
        told = leaving(session, mapping, case)
        return _Claimed(case.id, zaak.attempts, case.version, zaak.told, zaak.url, told)


def _publish(work: Work, mapping: ZgwMapping, system: CaseSystem, claimed: _Claimed, published: Published) -> None:
    told = claimed.leaving
    if told is None or told.digest() == claimed.told:
        # one of which nothing leaves any more is not looked at again at once: it may have a decision that is never told
        later = clock.now() if told is not None else clock.now() + LOOK_AGAIN
        done = {"state": ZaakState.DONE, "version": claimed.version, "attempts": 0, "last_error": None}
        _settle(work, claimed, send_after=later, **done)
        published.same += 1
        return
    try:
        known = tell(mapping, system, told, lambda letter_id: _content(work, letter_id))
    except Refused as error:
        _give_up(work, claimed, str(error), published)
    except NotNow as error:
        _put_off(work, claimed, str(error), published)
    except Exception as error:  # one case that cannot be told must not hold up the others, and is tried again
        log.exception("zgw.not_told", case=claimed.case_id)
        _put_off(work, claimed, type(error).__name__, published)
    else:
        _keep(work, claimed, known, told)
        published.told += 1


@dataclass
class Known:
    """Where what was told stands in the case system, by address."""

    zaak: str
    decisions: dict[int, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)


def tell(mapping: ZgwMapping, system: CaseSystem, told: Leaving, content: Callable[[str], bytes]) -> Known:
    """Bring the case system in line with what is told; returns where it stands there. `content` reads a letter.

    Everything is looked up before it is added. Raises NotNow or Refused; what was done then stays, and is found later.
    """
    zaken, zaak = mapping.zaken, told.zaak
    same = {"identificatie": zaak["identificatie"], "bronorganisatie": zaak["bronorganisatie"]}
    known = system.find(zaken, "zaken", **same)
    url = str(known[0].get("url", "")) if known else system.add(zaken, "zaken", zaak)
    closed = bool(known and known[0].get("einddatum"))
    if known and not closed:
        changed = {name: zaak[name] for name in ("omschrijving", "toelichting") if known[0].get(name) != zaak[name]}
        if changed:
            system.change(url, changed)
    if not closed:
        _tell_roles(system, zaken, url, told.roles)
    done = Known(url)
    done.decisions = {number: _tell_decision(mapping, system, url, each) for number, each in told.decisions.items()}
    for letter_id, each in told.documents.items():
        document = _tell_document(mapping, system, each, partial(content, letter_id))
        done.documents[letter_id] = document
        besluit = {"besluit": done.decisions[each["besluit"]], "informatieobject": document}
        assert mapping.besluiten is not None
        _relate(system, mapping.besluiten, "besluitinformatieobjecten", besluit)
        if not closed:  # to a closed zaak nothing is added: the besluit says where it is found
            _relate(system, zaken, "zaakinformatieobjecten", {"zaak": url, "informatieobject": document})
    _tell_statuses(system, zaken, url, told)
    return done


def _tell_roles(system: CaseSystem, zaken: str, url: str, roles: list[dict[str, Any]]) -> None:
    known = system.find(zaken, "rollen", zaak=url)
    for role in roles:
        same = [each for each in known if each.get("roltype") == role["roltype"]]
        if not any(_who(each) == _who(role) for each in same):
            system.add(zaken, "rollen", {"zaak": url, **role})
        for each in same:
            if _who(each) != _who(role):
                system.remove(str(each.get("url")))


def _who(role: dict[str, Any]) -> tuple[Any, Any]:
    return role.get("betrokkeneType"), (role.get("betrokkeneIdentificatie") or {}).get("identificatie")


def _tell_statuses(system: CaseSystem, zaken: str, url: str, told: Leaving) -> None:
    known = {(each.get("statustype"), _at(each)) for each in system.find(zaken, "statussen", zaak=url)}
    for number, status in enumerate(told.statuses, 1):
        if (status["statustype"], _at(status)) in known:
            continue
        if number == len(told.statuses) and told.result is not None and not system.find(zaken, "resultaten", zaak=url):
            system.add(zaken, "resultaten", {"zaak": url, **told.result})
        system.add(zaken, "statussen", {"zaak": url, "statustoelichting": "", **status})


def _at(status: dict[str, Any]) -> datetime | None:
    """The moment of a status, to the second: systems keep fractions in different ways."""
    try:
        found = datetime.fromisoformat(str(status.get("datumStatusGezet")))
    except ValueError:
        return None
    return found.replace(microsecond=0) if found.tzinfo is not None else None


def _tell_decision(mapping: ZgwMapping, system: CaseSystem, url: str, decision: dict[str, Any]) -> str:
    assert mapping.besluiten is not None
    same = {name: decision[name] for name in ("identificatie", "verantwoordelijkeOrganisatie")}
    known = system.find(mapping.besluiten, "besluiten", **same)
    if not known:
        return system.add(mapping.besluiten, "besluiten", {"zaak": url, **decision})
    at = str(known[0].get("url", ""))
    if any(decision.get(name) != (known[0].get(name) or None) for name in MAY_CHANGE):
        ends = {
            "vervaldatum": None,
            "verzenddatum": None,
            **decision,
        }  # the standard asks all of it, also where a part is changed
        system.change(at, ends)
    return at


def _tell_document(mapping: ZgwMapping, system: CaseSystem, told: dict[str, Any], content: Callable[[], bytes]) -> str:
    assert mapping.documenten is not None
    document = {name: value for name, value in told.items() if name != "besluit"}
    same = {name: document[name] for name in ("identificatie", "bronorganisatie")}
    known = system.find(mapping.documenten, "enkelvoudiginformatieobjecten", **same)
    if known:
        return str(known[0].get("url", ""))
    held = base64.b64encode(content()).decode()
    return system.add(mapping.documenten, "enkelvoudiginformatieobjecten", {**document, "inhoud": held})


def _relate(system: CaseSystem, base: str, resource: str, pair: dict[str, str]) -> None:
    if not system.find(base, resource, **pair):
        system.add(base, resource, pair)


def _content(work: Work, letter_id: str) -> bytes:
    """What a letter says, as it was kept. Raises DamagedDocument when it is that no longer."""
    with work.transaction() as session:
        kept = documents_of(session, Letter.workflow, letter_id)[0]
        return content_of(session, kept.id)


def _keep(work: Work, claimed: _Claimed, known: Known, told: Leaving) -> None:
    with work.transaction() as session:
        _update(
            session,
            claimed,
            state=ZaakState.DONE,
            url=known.zaak,
            version=claimed.version,
            told=told.digest(),
            attempts=0,
            last_error=None,
            sent_at=clock.now(),
            send_after=clock.now(),
        )
        _keep_once(session, ZaakDecision, [{"decision_id": each, "url": at} for each, at in known.decisions.items()])
        _keep_once(session, ZaakDocument, [{"letter_id": each, "url": at} for each, at in known.documents.items()])
        for decision_id, became in told.undone.items():
            mine = update(ZaakDecision).where(ZaakDecision.decision_id == decision_id)
            session.execute(mine.values(undone=became))


def _put_off(work: Work, claimed: _Claimed, said: str, published: Published) -> None:
    if claimed.attempts >= MOST_ATTEMPTS:
        _give_up(work, claimed, said, published)
        return
    log.warning("zgw.not_now", case=claimed.case_id, attempt=claimed.attempts, why=said)
    _settle(work, claimed, send_after=clock.now() + wait_after(claimed.attempts), last_error=said[:200])
    published.later += 1


def _give_up(work: Work, claimed: _Claimed, said: str, published: Published) -> None:
    log.warning("zgw.refused", case=claimed.case_id, why=said)
    _settle(work, claimed, state=ZaakState.DEAD, last_error=said[:200])
    published.dead += 1


def _settle(work: Work, claimed: _Claimed, **values: Any) -> None:
    with work.transaction() as session:
        _update(session, claimed, **values)


def _update(session: Session, claimed: _Claimed, **values: Any) -> None:
    """Write down what came of it, unless another worker has taken over since."""
    mine = (Zaak.case_id == claimed.case_id) & (Zaak.attempts == claimed.attempts)
    session.execute(update(Zaak).where(mine).values(**values))
