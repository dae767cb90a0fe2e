"""What the workflow of a resident may name: roles, guards and effects."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from wijkteam.cases.case_worker import case_worker
from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Role, Situation, Vocabulary, fields
from wijkteam.residents.bsn import looks_like_bsn
from wijkteam.residents.legal_grounds import LIST, BsnGrounds
from wijkteam.residents.model import Resident
from wijkteam.terms import clock

ERASING = "erasing"
WORDS = fields("name", "role", "part_of_time", "where_to", "bsn_purpose", "why")
EARLIEST_BIRTH = date(1890, 1, 1)


@dataclass(frozen=True)
class HouseholdTies:
    """What residents need to know of the cases of their household."""

    works_for: Callable[[Situation], bool]
    """Whether the acting person works on a case of it: by name or in its team."""
    has_open_case: Callable[[Situation], bool]


class ResidentRules:
    """The rules of a resident within a household."""

    def __init__(self, grounds: BsnGrounds, ties: HouseholdTies) -> None:
        self.grounds = grounds
        self.ties = ties

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow."""
        return Vocabulary(
            subject="resident",
            roles={
                "case_worker": case_worker(self.ties.works_for),
                "destroyer": Role(
                    _is_destroyer,
                    lambda situation: Reason("de privacy officer", "the privacy officer"),
                    Text(nl="wie gegevens vernietigt", en="who destroys data"),
                ),
            },
            guards={
                "case_is_open": Guard(self._case_is_open),
                "birth_date_is_possible": Guard(_birth_date_is_possible, fields("birth_date")),
                "days_in_order": Guard(_days_in_order, fields("lived_since", "left_on")),
                "no_bsn_in_words": Guard(_no_bsn_in_words, WORDS),
                "ground_is_in_force": Guard(self._ground_is_in_force, fields("bsn_ground")),
            },
            effects={
                "keep_identity": Effect(
                    _keep_identity, fields("birth_date", "role", "lived_since", "part_of_time"), fields("name")
                ),
                "move_out": Effect(_move_out, fields("where_to"), fields("left_on")),
                "move_in": Effect(_move_in, fields("part_of_time"), fields("lived_since")),
                "keep_bsn_ground": Effect(_keep_bsn_ground, needs=fields("bsn_ground", "bsn_purpose")),
                "forget_bsn": Effect(_forget_bsn),
                "forget_identity": Effect(_forget_identity),
            },
            lists={LIST: dict(self.grounds.as_list().items)},
        )

    def _case_is_open(self, situation: Situation) -> Reason | None:
        if self.ties.has_open_case(situation):
            return None
        return Reason("De casus is al afgesloten.", "The case has already ended.")

    def _ground_is_in_force(self, situation: Situation) -> Reason | None:
        code = situation.fields.get("bsn_ground")
        if code is None or self.grounds.ground(code) is not None:
            return None
        return Reason("Deze grondslag geldt vandaag niet.", "This ground is not in force today.")


def _is_destroyer(situation: Situation) -> bool:
    """The privacy officer; and whoever carries out what was decided on destroying, as `erase_resident` says."""
    if (ERASING, situation.subject.id) in situation.work.remembered:
        return True
    return "privacy_officer" in getattr(situation.actor, "functions", ())


def _birth_date_is_possible(situation: Situation) -> Reason | None:
    birth = situation.fields.get("birth_date")
    if birth is None or EARLIEST_BIRTH <= birth <= clock.today():
        return None
    return Reason("Deze geboortedatum kan niet.", "This date of birth is not possible.")


def _days_in_order(situation: Situation) -> Reason | None:
    """Nobody moves on a day that has not come yet, and nobody leaves before they came."""
    came = situation.fields.get("lived_since") or situation.subject.lived_since
    left = situation.fields.get("left_on")
    if any(each is not None and each > clock.today() for each in (situation.fields.get("lived_since"), left)):
        return Reason("Kies een dag tot en met vandaag.", "Choose today or an earlier day.")
    if came is not None and left is not None and left < came:
        return Reason("Deze dag ligt vóór het begin.", "This day lies before the beginning.")
    return None


def _no_bsn_in_words(situation: Situation) -> Reason | None:
    """What stands in words is kept in events, and from there no number can be taken back."""
    if any(looks_like_bsn(situation.fields.get(name)) for name in WORDS):
        return Reason("Zet hier geen BSN. Dat heeft een eigen veld.", "No BSN in these words; it has its own field.")
    return None


def _keep_identity(situation: Situation) -> None:
    resident: Resident = situation.subject
    resident.name = situation.fields["name"]
    resident.birth_date = situation.fields.get("birth_date")
    resident.role = situation.fields.get("role")
    resident.lived_since = situation.fields.get("lived_since")
    resident.part_of_time = situation.fields.get("part_of_time")
    if resident.added_by is None:
        resident.added_by = situation.actor.person_id


def _move_out(situation: Situation) -> None:
    situation.subject.left_on = situation.fields["left_on"]
    situation.subject.where_to = situation.fields.get("where_to")


def _move_in(situation: Situation) -> None:
    resident: Resident = situation.subject
    resident.lived_since = situation.fields["lived_since"]
    resident.part_of_time = situation.fields.get("part_of_time")
    resident.left_on = resident.where_to = None


def _keep_bsn_ground(situation: Situation) -> None:
    resident: Resident = situation.subject
    resident.bsn_ground = situation.fields["bsn_ground"]
    resident.bsn_purpose = situation.fields["bsn_purpose"]
    resident.bsn_set_by = situation.actor.person_id
    resident.bsn_set_at = situation.at


def _forget_bsn(situation: Situation) -> None:
    resident: Resident = situation.subject
    resident.bsn_sealed = resident.bsn_index = None
    resident.bsn_ground = resident.bsn_purpose = None
    resident.bsn_set_by = resident.bsn_set_at = None


def _forget_identity(situation: Situation) -> None:
    _forget_bsn(situation)
    resident: Resident = situation.subject
    resident.name = resident.birth_date = resident.role = None
    resident.part_of_time = resident.where_to = None
