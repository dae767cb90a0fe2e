"""Which rows of which table a person may read: every table stands here, and a table that does not is closed."""

from collections.abc import Callable, Collection
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import and_, case, false, or_, select

from wijkteam.access.model import BreakGlass, GlassTry, GuestAccess, NamedReader, Reading
from wijkteam.api_access.model import AccessToken, ApiClient
from wijkteam.appointments.model import Appointment, CalendarFeed
from wijkteam.area_figures.model import AreaFigure
from wijkteam.case_files.model import CaseFile
from wijkteam.cases.model import Buurt, Household, HouseholdCase, Wijk
from wijkteam.data_requests.model import DataRequest
from wijkteam.deadlines.model import Deadline
from wijkteam.documents.model import Document
from wijkteam.escalation.model import Backing, Behind, Breakthrough, Escalation, StructuralEscalation
from wijkteam.events.model import Erasure, Event, Notice, PayloadKey
from wijkteam.exporting.model import FullExport
from wijkteam.figures.model import FACTS
from wijkteam.importing.model import DataImport, ImportedRow
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.letters.model import Letter
from wijkteam.logs.model import LogSeal, ReadingErasure
from wijkteam.mandate.model import Decision, LogDeviation, Mandate, MandateRequest, Power, RegisterChange
from wijkteam.measuring.model import Measurement
from wijkteam.messages.model import MailPreference, Message
from wijkteam.network.model import Helper, Relation
from wijkteam.objections.model import Objection
from wijkteam.offline.model import OfflineKey, SentOnce
from wijkteam.people.model import Absence, Deputy, Function, HeldFunction, Person, PersonOffer, Team, TeamArea
from wijkteam.plans.model import Agreement, Approach, Goal, PlanConsent, PlanLine
from wijkteam.quotes.model import Quote
from wijkteam.resident_mail.model import ResidentMail
from wijkteam.residents.model import BsnLookUp, Resident, SamePerson
from wijkteam.retention.model import Correction, DestructionItem, DestructionList, RetentionHold, Scrubbing
from wijkteam.search.model import CaseToCompare, PossibleDouble, SearchEntry
from wijkteam.signals.model import ConductComplaint, FollowCode, PublicTry, ResidentSignal
from wijkteam.signing_in.model import (
    FactorChange,
    Passkey,
    PasskeyChallenge,
    PasswordLink,
    RecoveryCode,
    SignInAttempt,
    SignInMail,
    SignInSession,
    TotpSecret,
)
from wijkteam.signing_in.single_sign_on.model import ProviderGrant, ProviderIdentity, ProviderSignIn, SeenLogoutToken
from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns
from wijkteam.tracks.model import Track
from wijkteam.versions.model import StoredDefinition
from wijkteam.wall import criteria
from wijkteam.wall.criteria import Criterion
from wijkteam.webhooks.model import WebhookDelivery, WebhookSubscription
from wijkteam.zgw.model import Zaak, ZaakDecision, ZaakDocument, ZaakIntake, ZaakNews, ZaakNotice

Rule = Callable[[Any], Criterion]

OPEN: frozenset[type[Table]] = frozenset(
    {
        Absence,
        AreaFigure,
        Breakthrough,
        Buurt,
        Deputy,
        Function,
        HeldFunction,
        Person,
        PersonOffer,
        Power,
        RegisterChange,
        StoredDefinition,
        Team,
        TeamArea,
        Wijk,
    }
)
"""Everyone who works here may read these: people, functions, areas, the register, what was promised."""

CLOSED: frozenset[type[Table]] = frozenset(
    {
        *FACTS,
        AccessToken,
        ApiClient,
        BsnLookUp,
        CalendarFeed,
        CaseToCompare,
        DataImport,
        DestructionItem,
        DestructionList,
        Erasure,
        FactorChange,
        FollowCode,
        FullExport,
        GlassTry,
        ImportedRow,
        LogDeviation,
        LogSeal,
        Message,
        OfflineKey,
        Passkey,
        PasskeyChallenge,
        PasswordLink,
        PayloadKey,
        ProviderGrant,
        ProviderIdentity,
        ProviderSignIn,
        PublicTry,
        Reading,
        ReadingErasure,
        RecoveryCode,
        ResidentMail,
        RetentionHold,
        Scrubbing,
        SeenLogoutToken,
        SentOnce,
        SignInAttempt,
        SignInMail,
        SignInSession,
        TotpSecret,
        WebhookDelivery,
        WebhookSubscription,
        ZaakDecision,
        ZaakDocument,
        ZaakIntake,
        ZaakNotice,
    }
)
"""No page shows these of itself: a query on them is refused, and a service function asks for what it needs."""

CLOSED_COLUMNS = frozenset({(Person, "password_hash")})
"""Columns of an open table that are closed all the same."""

SUBJECTS: dict[type[Table], Rule] = {
    HouseholdCase: criteria.case,
    Track: criteria.of_shared_case,
    LegalTerm: criteria.of_case,
    Letter: criteria.of_case,
    Correction: criteria.of_case,
    Goal: criteria.of_case,
    PlanLine: criteria.of_case,
    Approach: criteria.of_case,
    Agreement: criteria.of_case,
    PlanConsent: criteria.of_case,
    Measurement: criteria.of_case,
    Resident: criteria.of_household,
    Helper: criteria.of_household,
    Relation: criteria.of_household,
    Appointment: criteria.of_case,
    CaseFile: criteria.of_case,
    Quote: criteria.mine_or_of_case,
    Escalation: criteria.escalation,
    StructuralEscalation: criteria.structural,
    Backing: criteria.backing,
    MandateRequest: criteria.request,
    Objection: criteria.objection,
    ResidentSignal: criteria.signal,
    DataRequest: criteria.data_request,
    ConductComplaint: criteria.complaint,
    BreakGlass: criteria.mine,
    GuestAccess: criteria.mine_or_of_case,
}
"""Subjects that are read on a ground. What hangs under a subject (events, deadlines, documents) follows it."""


HANGS_UNDER: dict[Rule, str] = {
    criteria.of_case: "case_id",
    criteria.of_shared_case: "case_id",
    criteria.of_household: "household_id",
}
"""Rules that ask one column of their row alone: what it hangs under."""


def _of_subject(rules: dict[type[Table], Rule], kinds: Collection[str] | None = None) -> Rule:
    """What carries the kind and the id of its subject: read where the rule of that kind holds for the subject.

    Kinds that hang under the same thing ask it together, so that a statement says once what a case asks. With `kinds`
    nothing of another kind is read.
    """
    if kinds is not None:
        rules = {model: rule for model, rule in rules.items() if _kind(model) in kinds}
    together = {rule: [model for model, its in rules.items() if its is rule] for rule in HANGS_UNDER}
    alone = {model: rule for model, rule in rules.items() if rule not in HANGS_UNDER}

    def rule(rows: Any) -> Criterion:
        found = [_there(rows, model, criterion) for model, criterion in alone.items()]
        found += [_under(rows, models, criterion) for criterion, models in together.items() if models]
        return or_(false(), *found)

    return rule


def _there(rows: Any, model: type[Table], criterion: Rule) -> Criterion:
    kind = _kind(model)
    subject = criteria.rows_of(model, f"of_{kind}")
    there = criteria.any_of(subject, subject.id == rows.subject_id, criterion(subject))
    return and_(rows.subject_kind == kind, there)


def _under(rows: Any, models: list[type[Table]], criterion: Rule) -> Criterion:
    column, branches = HANGS_UNDER[criterion], []
    for model in models:
        kind = _kind(model)
        subject = criteria.rows_of(model, f"of_{kind}")
        found = select(subject[column]).where(subject.id == rows.subject_id).correlate_except(subject.id.table)
        branches.append((rows.subject_kind == kind, found.scalar_subquery()))
    return criterion(SimpleNamespace(**{column: case(*branches)}))


def _kind(model: type[Table]) -> str:
    assert issubclass(model, SubjectColumns)
    return model.workflow


EVERYONE: dict[type[Table], Rule] = {Breakthrough: criteria.everybody, RegisterChange: criteria.everybody}

HANGING: dict[type[Table], dict[type[Table], Rule]] = {
    Event: {**SUBJECTS, **EVERYONE, Objection: criteria.objection_in_full, DataRequest: criteria.handling},
    Deadline: {**SUBJECTS, **EVERYONE},
    Document: {
        Escalation: criteria.of_case,
        Letter: criteria.of_case,
        DataRequest: criteria.data_request,
        CaseFile: criteria.of_case,
    },
}
"""What hangs under a subject of any kind, and what each kind asks."""

RULES: dict[type[Table], Rule] = {
    **SUBJECTS,
    Household: criteria.household,
    Behind: criteria.behind,
    SamePerson: criteria.same_person,
    Decision: criteria.decision,
    Mandate: criteria.mandate,
    NamedReader: criteria.mine_or_of_case,
    Notice: criteria.mine,
    MailPreference: criteria.mine,
    **{model: _of_subject(rules) for model, rules in HANGING.items()},
    SearchEntry: criteria.entry,
    PossibleDouble: criteria.of_case,
    Zaak: criteria.of_case,
    ZaakNews: criteria.of_case,
}
"""What is read on a ground, or as one's own. A file is read with the case, also by who answers the escalation."""


@cache
def rule_of(model: type[Table], kinds: tuple[str, ...] | None = None) -> Rule:
    """What the rows of a table ask of their reader; of what hangs under subjects, those of these kinds alone."""
    return RULES[model] if kinds is None or model not in HANGING else _of_subject(HANGING[model], kinds)
