"""Whether a change of the register can take effect: one clear line for every mistake. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wijkteam.mandate.changes import Plan, PlannedRow, RowChange, plan
from wijkteam.mandate.in_words import day as day_in_figures
from wijkteam.mandate.in_words import duration, money
from wijkteam.mandate.kept import LAST_DAY, KeptRegister, KeptRow
from wijkteam.mandate.register_file import MandateEntry
from wijkteam.terms import clock
from wijkteam.terms.term import add_months, read_duration


@dataclass(frozen=True)
class Mistake:
    """Something for which a change cannot take effect: in which row, in which field, and why."""

    number: str
    field: str
    nl: str
    en: str


@dataclass(frozen=True)
class Known:
    """The names that rows may use."""

    powers: frozenset[str]
    functions: frozenset[str]
    bodies: frozenset[str]
    reserved: frozenset[str]
    teams: frozenset[str]
    wijken: frozenset[str]


Row = KeptRow | PlannedRow


def mistakes(changes: Sequence[RowChange], register: KeptRegister, known: Known, planned: Plan) -> list[Mistake]:
    """Every mistake in these changes, as planned on this register."""
    found = [*_twice(changes)]
    if not changes:
        found.append(Mistake("", "", "Er verandert niets.", "Nothing changes."))
    for change in changes:
        found += _of_row(change, known, planned)
    for change in planned.not_found:
        nl = f"Rij {change.number} geldt dan niet, of is intussen veranderd. Begin opnieuw bij hoe de rij nu is."
        found.append(Mistake(change.number, "number", nl, f"row {change.number} is not there, or was changed"))
    for change, above in planned.out_of_step:
        nl = f"Laat dit op dezelfde dag ingaan als de wijziging van rij {above}, want die staat erboven."
        found.append(Mistake(change.number, "valid_from", nl, f"let it begin with row {above}, which stands above it"))
    if not any(each.field in ("valid_from", "on") for each in found):
        found += _of_result(register, planned)
    return list(dict.fromkeys(found))


def check(changes: Sequence[RowChange], register: KeptRegister, known: Known) -> list[Mistake]:
    """Every mistake in these changes if they took effect now."""
    return mistakes(changes, register, known, plan(changes, register, clock.now()))


def _twice(changes: Sequence[RowChange]) -> Iterator[Mistake]:
    seen: set[str] = set()
    for change in changes:
        if change.number in seen:
            yield Mistake(
                change.number,
                "number",
                f"Rij {change.number} staat hier twee keer in.",
                f"row {change.number} stands here twice",
            )
        seen.add(change.number)


def _of_row(change: RowChange, known: Known, planned: Plan) -> Iterator[Mistake]:
    number, entry = change.number, change.entry
    if entry is None:
        if not change.why:
            yield Mistake(number, "why", "Schrijf waarom de rij wordt ingetrokken.", "say why it is revoked")
        if change.on is not None and change.on < planned.today:
            yield _in_the_past(number, "on")
        return
    if entry.number != number:
        yield Mistake(number, "number", "Een rij houdt haar nummer.", "a row keeps its number")
    yield from _unknown(entry, known)
    if change.what == "replace" and entry.valid_from is not None and entry.valid_from < planned.today:
        yield _in_the_past(number, "valid_from")
    if entry.valid_until is not None and entry.valid_until < max(planned.today, entry.valid_from or planned.today):
        nl = "De laatste dag is al voorbij."
        yield Mistake(number, "valid_until", nl, "valid_until has passed already")


def _in_the_past(number: str, field: str) -> Mistake:
    nl = "Dit kan niet met terugwerkende kracht. Kies vandaag of later."
    return Mistake(number, field, nl, "not in the past: choose today or later")


def _unknown(entry: MandateEntry, known: Known) -> Iterator[Mistake]:
    named = {
        "power": ("Deze bevoegdheid", "power", entry.power, known.powers),
        "function": ("Deze functie", "function", entry.function, known.functions),
        "body": ("Dit bestuursorgaan", "body", entry.body, known.bodies),
        "pass_on_to": ("Deze functie", "function", entry.pass_on_to, known.functions),
        "team": ("Dit team", "team", entry.team, known.teams),
        "wijk": ("Deze wijk", "wijk", entry.wijk, known.wijken),
    }
    for field, (nl, en, value, choices) in named.items():
        if value is not None and value not in choices:
            yield Mistake(entry.number, field, f"{nl} bestaat niet: {value}.", f"there is no {en} '{value}'")
    for code in entry.reserved:
        if code not in known.reserved:
            nl = f"Dit voorbehouden geval bestaat niet: {code}."
            yield Mistake(entry.number, "reserved", nl, f"there is no reserved case '{code}'")


def _of_result(register: KeptRegister, planned: Plan) -> Iterator[Mistake]:
    """What is wrong with the register as it would become, as far as this change touches it."""
    result = _Result(register, planned)
    for row in planned.added:
        if row.change is not None:
            yield from result.in_use(row)
        yield from result.above(row)


class _Result:
    """The register as it would become."""

    def __init__(self, register: KeptRegister, planned: Plan) -> None:
        self.by_number: dict[str, list[Row]] = {}
        after: list[Row] = [*(planned.row_after(row) for row in register.rows), *planned.added]
        for row in after:
            if row.first_day <= row.last_day:
                self.by_number.setdefault(row.entry.number, []).append(row)

    def in_use(self, row: PlannedRow) -> Iterator[Mistake]:
        """No two rows have one number at the same time."""
        for other in self.by_number.get(row.entry.number, []):
            if other is not row and other.first_day <= row.last_day and row.first_day <= other.last_day:
                number = row.entry.number
                nl = f"Nummer {number} is dan al in gebruik, {_period(other)}."
                en = f"number {number} is in use from {other.first_day} until {other.last_day}"
                yield Mistake(number, "number", nl, en)
                return

    def above(self, row: PlannedRow) -> Iterator[Mistake]:
        """A holder passes on at most what they hold, and only where allowed (Awb 10:9)."""
        entry = row.entry
        if entry.given_under is None:
            return
        above = self.on(entry.given_under, row.first_day)
        if above is None:
            nl = f"Rij {entry.given_under} geldt niet op de dag dat deze rij ingaat."
            en = f"row {entry.given_under} does not hold on the day on which this one begins"
            yield Mistake(entry.number, "given_under", nl, en)
            return
        if self.goes_round(row):
            nl = "Zo staan rijen in een kring onder elkaar. De bovenste moet van het bestuursorgaan zelf komen."
            yield Mistake(entry.number, "given_under", nl, "the rows above it go round in a circle")
            return
        yield from wider(entry, above.entry)
        if row.last_day > above.last_day:
            until = day_in_figures(above.last_day)
            nl = f"Rij {above.entry.number} loopt tot en met {until}. Laat deze rij niet langer lopen."
            en = f"row {above.entry.number} ends on {above.last_day}: this one cannot last longer"
            yield Mistake(entry.number, "valid_until", nl, en)

    def on(self, number: str, day: date) -> Row | None:
        """The row with this number on this day."""
        return next((row for row in self.by_number.get(number, []) if row.first_day <= day <= row.last_day), None)

    def goes_round(self, row: PlannedRow) -> bool:
        """Whether following the rows above leads back to where one was."""
        seen = {row.entry.number}
        number = row.entry.given_under
        while number is not None:
            if number in seen:
                return True
            seen.add(number)
            above = self.on(number, row.first_day)
            number = above.entry.given_under if above else None
        return False


def wider(entry: MandateEntry, above: MandateEntry) -> Iterator[Mistake]:
    """In what a sub-mandate is more than the row above it (Awb 10:9), field by field."""
    for field, is_wider, nl, en in _compared(entry, above):
        if is_wider:
            yield Mistake(
                entry.number,
                field,
                f"Ruimer dan rij {above.number}, die erboven staat: {nl}.",
                f"wider than row {above.number} above it: {en}",
            )


def _compared(entry: MandateEntry, above: MandateEntry) -> Iterator[tuple[str, bool, str, str]]:
    passed_on = above.may_pass_on and above.pass_on_to in (None, entry.function)
    yield "given_under", not passed_on, "die mag niet worden doorgegeven aan deze functie", "it may not be passed on so"
    yield "power", entry.power != above.power, "een andere bevoegdheid", "another power"
    only_signs = entry.kind == "ondertekening"
    yield "kind", entry.kind != above.kind and not only_signs, "een ander soort", "another kind"
    yield "body", entry.body != above.body, "een ander bestuursorgaan", "another body"
    for field in ("per_decision", "per_household", "per_year", "second_pair_above"):
        limit, own = getattr(above, field), getattr(entry, field)
        nl = f"hooguit {money(limit)}" if limit is not None else ""
        yield field, limit is not None and (own is None or own > limit), nl, f"at most {limit}"
    for field in ("longest_duration", "quorum_within"):
        longest, own = getattr(above, field), getattr(entry, field)
        longer = longest is not None and (own is None or _end(own) > _end(longest))
        yield field, longer, f"hooguit {duration(longest)}" if longest else "", f"at most {longest}"
    fewer = entry.colleagues_needed < above.colleagues_needed
    yield "colleagues_needed", fewer, "minder collega's die instemmen", "fewer colleagues who agree"
    missing = sorted(set(above.reserved) - set(entry.reserved))
    yield "reserved", bool(missing), f"zonder voorbehoud {', '.join(missing)}", f"without {', '.join(missing)}"
    anyone = above.civil_servant_only and not entry.civil_servant_only
    yield "civil_servant_only", anyone, "ook wie geen ambtenaar is", "also for who is no civil servant"
    for field in ("team", "wijk"):
        bound = getattr(above, field)
        yield field, bound is not None and getattr(entry, field) != bound, f"buiten {bound}", f"outside {bound}"


def _end(duration: str) -> tuple[date, int]:
    """Where a duration ends when it begins on a fixed day: so can durations be compared."""
    read = read_duration(duration)
    days, seconds = divmod(read.seconds, 86_400)
    return date.fromordinal(add_months(date(2024, 1, 1), read.months).toordinal() + read.days + days), seconds


def _period(row: Row) -> str:
    until = "zonder einde" if row.last_day == LAST_DAY else f"tot en met {day_in_figures(row.last_day)}"
    return f"vanaf {day_in_figures(row.first_day)} {until}"


def lines(found: Iterable[Mistake], language: str = "nl") -> list[str]:
    """Mistakes as lines for people."""
    return [f"{each.number}: {getattr(each, language)}" if each.number else getattr(each, language) for each in found]


def by_field(found: Iterable[Mistake], language: str = "nl") -> Mapping[str, str]:
    """The first mistake of each field."""
    told: dict[str, str] = {}
    for each in found:
        told.setdefault(each.field, getattr(each, language))
    return told
