"""Looking at a whole file before anything comes in: every mistake of every row, at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from wijkteam.engine.definition import Workflow
from wijkteam.importing.columns import KINDS
from wijkteam.importing.findings import Finding, mistake, warning
from wijkteam.importing.known import BEST_PERSON, Known, key_digest
from wijkteam.importing.reading import ReadFile, Row
from wijkteam.importing.road import BEFORE_OF_ASIDE, lacking, outcome_called, road_to, state_called
from wijkteam.importing.shapes import Column, Form, Kind
from wijkteam.importing.values import Unreadable, read_value
from wijkteam.residents.bsn import looks_like_bsn
from wijkteam.residents.legal_grounds import BsnGrounds
from wijkteam.residents.vocabulary import EARLIEST_BIRTH
from wijkteam.search.resembling import Description, surely_alike
from wijkteam.terms import clock

NEW = ("nieuw", "new")
NEEDED = ("Vul dit in.", "Please fill this in.")


@dataclass(frozen=True)
class Surrounding:
    """What rows are checked against besides the database."""

    case: Workflow
    """The definition of a case on which new ones begin."""
    grounds: BsnGrounds
    seals: bool
    """Whether numbers can be sealed now."""


@dataclass(frozen=True)
class ReadyRow:
    """A row without mistakes: its number, and the value of each column that is filled in."""

    number: int
    values: Mapping[str, Any]


@dataclass
class Checked:
    """A file that was looked at."""

    file: ReadFile
    findings: list[Finding] = field(default_factory=list)
    ready: dict[str, list[ReadyRow]] = field(default_factory=dict)

    @property
    def mistakes(self) -> list[Finding]:
        """What keeps the file out."""
        return [each for each in self.findings if each.is_mistake]

    @property
    def warnings(self) -> list[Finding]:
        """What somebody should look at before it comes in."""
        return [each for each in self.findings if not each.is_mistake]


def check(session: Session, file: ReadFile, around: Surrounding, done: Collection[tuple[str, int]] = ()) -> Checked:
    """Every mistake in a file, and the rows that are ready; rows that came in already are only read."""
    checked = Checked(file, list(file.findings))
    looking = _Looking(checked, Known(session), around)
    for key, kind in KINDS.items():
        if key not in file.rows:
            continue
        ready = checked.ready.setdefault(key, [])
        for row in file.rows[key]:
            is_done = (key, row.number) in done
            values = looking.look(kind, row, is_done)
            if values is not None:
                ready.append(ReadyRow(row.number, values))
    return checked


class _Looking:
    """Goes through a file row by row, and remembers what rows before this one bring."""

    def __init__(self, checked: Checked, known: Known, around: Surrounding) -> None:
        self.checked = checked
        self.known = known
        self.around = around
        self.seen: dict[tuple[str, str], int] = {}
        self.homes: dict[str, bool] = {}
        """Keys of households in this file, each with whether an open case of it is there."""
        self.numbers: dict[str, int] = {}
        """Keys of households in this file that are here already, each with its number."""
        self.addresses: dict[tuple[str, str], list[tuple[int, Description]]] = {}
        self.kind = KINDS["people"]
        self.row = Row(0, {})

    def look(self, kind: Kind, row: Row, is_done: bool) -> Mapping[str, Any] | None:
        """The values of a row; None when it has a mistake."""
        self.kind, self.row = kind, row
        before = len(self.checked.findings)
        values = self._read(kind, row)
        rules = {
            "people": self._person,
            "teams": self._team,
            "functions": self._function,
            "households": self._household,
            "cases": self._case,
            "residents": self._resident,
        }
        rules[kind.key](values)
        found = self.checked.findings[before:]
        if is_done:  # what it became is here now: that is no news, and no mistake
            del self.checked.findings[before:]
            return values
        return None if any(each.is_mistake for each in found) else values

    def _read(self, kind: Kind, row: Row) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for column in kind.columns:
            text = row.cells.get(column.key)
            if text is None:
                if column.needed:
                    self.wrong(column.key, *NEEDED)
                continue
            try:
                values[column.key] = read_value(column.form, text)
            except Unreadable as error:
                self.wrong(column.key, error.text.nl, error.text.en)
            if column.private and column.form in (Form.LINE, Form.TEXT) and looks_like_bsn(text):
                said = ("Hier staat misschien een BSN. Haal het weg.", "A BSN may stand here; take it out.")
                self.wrong(column.key, *said)
        return values

    def wrong(self, column: str, nl: str, en: str) -> None:
        """Note a mistake in this row."""
        self.checked.findings.append(mistake(*self._place(column), nl, en))

    def odd(self, column: str, nl: str, en: str) -> None:
        """Note something to look at in this row."""
        self.checked.findings.append(warning(*self._place(column), nl, en))

    def _place(self, column: str) -> tuple[Kind, int, Column, str]:
        return self.kind, self.row.number, self.kind.by_key[column], self.row.cells.get(column, "")

    def _twice(self, column: str, key: str) -> bool:
        first = self.seen.setdefault((self.kind.key, key.lower()), self.row.number)
        if first == self.row.number:
            return False
        self.wrong(column, f"Dit staat ook in rij {first}.", f"This stands in row {first} too.")
        return True

    def _person(self, values: Mapping[str, Any]) -> None:
        email = values.get("email")
        if email is None or self._twice("email", email):
            return
        active = self.known.people.get(email)
        if active:
            self.odd("email", "Deze persoon is er al. Er verandert niets.", "This person is here already.")
        elif active is False:
            self.odd("email", "Deze persoon werkte hier eerder en komt terug.", "Was here before, and comes back.")
        self.known.people[email] = True
        if values.get("employer") and len(values["employer"]) > 120:
            self.wrong("employer", "Maak dit korter: hooguit 120 tekens.", "At most 120 signs.")
        if len(values.get("name", "")) > 120:
            self.wrong("name", "Maak dit korter: hooguit 120 tekens.", "At most 120 signs.")

    def _team(self, values: Mapping[str, Any]) -> None:
        name = values.get("name")
        for code in values.get("wijken", ()):
            if code not in self.known.wijken:
                nl = f"De wijk {code[:10]} kennen we niet. Voer eerst de wijken in."
                self.wrong("wijken", nl, f"The wijk {code[:10]} is unknown; bring in the areas first.")
        if name is None or self._twice("name", name):
            return
        if len(name) > 120:
            self.wrong("name", "Maak dit korter: hooguit 120 tekens.", "At most 120 signs.")
        if name in self.known.teams:
            self.odd("name", "Dit team is er al.", "This team is here already.")
        self.known.teams.add(name)

    def _someone(self, column: str, email: str | None) -> str | None:
        if email is None:
            return None
        if not self.known.people.get(email):
            self.wrong(column, "Deze persoon kennen we niet.", "This person is unknown.")
            return None
        return email

    def _known_team(self, values: Mapping[str, Any]) -> None:
        if values.get("team") and values["team"] not in self.known.teams:
            self.wrong("team", "Dit team kennen we niet.", "This team is unknown.")

    def _function(self, values: dict[str, Any]) -> None:
        email = self._someone("email", values.get("email"))
        self._known_team(values)
        if values.get("function"):
            code = self.known.functions.get(values["function"].lower())
            if code is None:
                self.wrong("function", "Deze functie kennen we niet.", "This function is unknown.")
            values["function"] = code
        first, last = values.get("valid_from") or clock.today(), values.get("valid_until")
        if last is not None and last < first:
            self.wrong("valid_until", "De laatste dag ligt vóór de eerste.", "The last day lies before the first.")
        if email and values.get("function"):
            self.known.will_hold(email, values["function"], values.get("team"), first, last)

    def _household(self, values: dict[str, Any]) -> None:
        key = values.get("household")
        if key is None or self._twice("household", key):
            return
        self.homes[key.lower()] = False
        if values.get("buurt") and values["buurt"] not in self.known.buurten:
            self.wrong("buurt", "Deze buurt kennen we niet.", "This buurt is unknown.")
        number = self.known.household_of(key)
        same = str(values.get("same_as", ""))
        if number is not None:
            self.odd("household", "Dit huishouden kwam al eerder binnen.", "This household came in before.")
        elif same and same.lower() not in NEW:
            number = int(same) if same.isascii() and same.isdecimal() and len(same) < 16 else None
            if number is None or number not in self.known.households:
                self.wrong("same_as", "Dit huishouden is er niet.", "There is no such household.")
                return
        if number is not None:
            self.numbers[key.lower()] = number
        elif not same and values.get("who_or_where"):
            self._look_for_doubles(values["who_or_where"])

    def _look_for_doubles(self, who_or_where: str) -> None:
        typed = Description.typed(who_or_where)
        here = self.known.alike(who_or_where)
        if here:
            which = ", ".join(str(each) for each in here[:5])
            self.odd(
                "who_or_where",
                f"Lijkt op huishouden {which}. Kies in 'zelfde huishouden als': dat nummer, of nieuw.",
                f"Looks like household {which}. Choose in 'zelfde huishouden als': that number, or nieuw.",
            )
        for address in typed.addresses:
            others = self.addresses.setdefault(address, [])
            alike = next((row for row, other in others if surely_alike(typed, other)), None)
            if alike is not None and not here:
                self.odd(
                    "who_or_where",
                    f"Lijkt op het huishouden in rij {alike}.",
                    f"Looks like the household in row {alike}.",
                )
            others.append((self.row.number, typed))

    def _home(self, values: Mapping[str, Any]) -> str | None:
        """The key of the household that a row names, when there is one."""
        key = values.get("household")
        if key is None:
            return None
        if key.lower() not in self.homes and self.known.household_of(key) is None:
            nl = "Dit huishouden staat niet in het bestand en kwam niet eerder binnen."
            self.wrong("household", nl, "This household is not in the file and did not come in before.")
            return None
        return str(key).lower()

    def _has_open_case(self, key: str) -> bool:
        number = self.numbers.get(key) or self.known.household_of(key)
        return self.homes.get(key, False) or number in self.known.with_open_case

    def _case(self, values: dict[str, Any]) -> None:
        home = self._home(values)
        owner = self._someone("owner", values.get("owner"))
        self._known_team(values)
        self._owner(owner, values.get("team"))
        reference = values.get("reference")
        if reference and self._twice("reference", reference):
            return
        if reference and key_digest("cases", reference) in self.known.keys:
            self.odd("reference", "Deze casus kwam al eerder binnen.", "This case came in before.")
        self._state(values)
        if values.get("next_step_on") is not None and values["next_step_on"] < clock.today():
            self.odd(
                "next_step_on", "Deze dag is voorbij. Het wordt vandaag.", "This day has passed; it becomes today."
            )
        if home is not None:
            self.homes[home] = True

    def _owner(self, owner: str | None, team: str | None) -> None:
        holds = self.known.holds.get(owner) if owner is not None else None
        if owner is None:
            return
        if holds is None or BEST_PERSON not in holds.functions:
            nl = "Deze persoon kan geen casus hebben. Geef eerst de functie."
            self.wrong("owner", nl, "This person can own no case; give the function first.")
        elif team is None and not holds.teams:
            self.wrong("owner", "Deze persoon zit in geen team. Vul een team in.", "In no team; fill in a team.")
        elif team is not None and holds.teams and team not in holds.teams:
            self.odd("team", "De eigenaar zit niet in dit team.", "The owner is not in this team.")

    def _state(self, values: dict[str, Any]) -> None:
        flow = self.around.case
        wanted = {name: values[name] for name in ("state", "before") if values.get(name)}
        found = {name: state_called(flow, text) for name, text in wanted.items()}
        for name, code in found.items():
            if code is None:
                self.wrong(name, "Deze stand kennen we niet.", "This state is unknown.")
        if None in found.values():
            return
        state = values["state"] = found.get("state") or "signalled"
        before = found.get("before")
        if before is not None and before not in BEFORE_OF_ASIDE.get(state, ()):
            self.wrong("before", "Vanuit deze stand kan dat niet.", "It cannot come from this state.")
            return
        values["before"] = before
        if values.get("outcome"):
            values["outcome"] = outcome_called(flow, values["outcome"])
            if values["outcome"] is None:
                self.wrong("outcome", "Deze uitkomst kennen we niet.", "This outcome is unknown.")
                return
        for column in lacking(flow, road_to(state, before), values):
            title = flow.states[state].title
            self.wrong(column, f"Vul dit in: nodig voor {title.nl}.", f"Fill this in: needed for {title.en}.")
        if state == "waiting" and len(values.get("explained", "")) > 300:
            self.wrong("explained", "Maak dit korter: hooguit 300 tekens.", "At most 300 signs.")

    def _resident(self, values: dict[str, Any]) -> None:
        home = self._home(values)
        if home is not None and not self._has_open_case(home):
            self.wrong("household", "Dit huishouden heeft geen open casus.", "This household has no open case.")
        born, since, today = values.get("birth_date"), values.get("lived_since"), clock.today()
        if born is not None and not EARLIEST_BIRTH <= born <= today:
            self.wrong("birth_date", "Deze geboortedatum kan niet.", "This date of birth is not possible.")
        if since is not None and since > today:
            self.wrong("lived_since", "Kies een dag tot en met vandaag.", "Choose today or an earlier day.")
        if not values.get("bsn"):
            return
        for column in ("bsn_ground", "bsn_purpose"):
            if not values.get(column):
                self.wrong(column, "Een BSN kan alleen met grondslag en doel.", "A BSN needs a ground and a purpose.")
        if values.get("bsn_ground") and self.around.grounds.ground(values["bsn_ground"]) is None:
            self.wrong("bsn_ground", "Deze grondslag geldt vandaag niet.", "This ground is not in force today.")
        if not self.around.seals:
            self.wrong("bsn", "Het BSN kan nu niet veilig bewaard worden.", "The BSN cannot be kept safely now.")
