"""The register as it is published (Awb 3:42): everything in words, ready for a template."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from wijkteam.mandate.in_words import KINDS, day, in_short, sentences, value_in_words
from wijkteam.mandate.kept import KeptRegister, KeptRow, RowState
from wijkteam.mandate.register_queries import Titles
from wijkteam.terms import clock
from wijkteam.terms.words import Words

STANDINGS = {
    RowState.IN_FORCE: Words("geldt", "holds"),
    RowState.TO_COME: Words("gaat nog in", "still to begin"),
    RowState.ENDED: Words("afgelopen", "ended"),
    RowState.REVOKED: Words("ingetrokken", "revoked"),
    RowState.REPLACED: Words("vervangen", "replaced"),
    RowState.NOTHING_ABOVE: Words(
        "geldt niet meer: de rij erboven geldt niet", "holds no more: the row above it does not hold"
    ),
}
"""How a row stands, in words."""
EXTRA = ("conditions", "inform_duty", "publication")


def publication(register: KeptRegister, titles: Titles, municipality: str, at: datetime) -> dict[str, Any]:
    """What the published document shows: rows that hold by power, rows to come, functions, and the history."""
    holding = register.in_force(at)
    later = [row for row in register.rows if register.standing(row, at) is RowState.TO_COME]
    past = [row for row in register.rows if row not in holding and row not in later]
    return {
        "title": f"Mandaatregister gemeente {municipality}",
        "municipality": municipality,
        "date": clock.local(at).date().isoformat(),
        "day": day(clock.local(at).date()),
        "groups": _by_power(holding, titles),
        "to_come": [_row(row, titles) for row in later],
        "functions": _functions(holding, titles),
        "history": [_past(row, register, titles, at) for row in past],
    }


def _by_power(rows: Iterable[KeptRow], titles: Titles) -> list[dict[str, Any]]:
    found: dict[str, list[KeptRow]] = {}
    for row in rows:
        found.setdefault(titles.powers.get(row.entry.power, row.entry.power), []).append(row)
    return [{"power": power, "rows": [_row(row, titles) for row in found[power]]} for power in sorted(found)]


def _row(row: KeptRow, titles: Titles) -> dict[str, Any]:
    entry = row.entry
    more = [value_in_words(name, getattr(entry, name), titles) for name in EXTRA]
    names = ("Voorwaarden", "Wie wordt geïnformeerd", "Bekendgemaakt in")
    return {
        "number": row.number,
        "kind": titles.said(KINDS[entry.kind]).split(":")[0],
        "function": titles.functions.get(entry.function, entry.function),
        "ground": entry.legal_ground,
        "sentences": sentences(entry, titles),
        "more": [[name, value] for name, value in zip(names, more, strict=True) if value],
        "period": titles.said(period(row)),
    }


def _functions(rows: Iterable[KeptRow], titles: Titles) -> list[dict[str, Any]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(titles.functions.get(row.entry.function, row.entry.function), []).append(row.number)
    return [{"function": function, "numbers": ", ".join(found[function])} for function in sorted(found)]


def _past(row: KeptRow, register: KeptRegister, titles: Titles, at: datetime) -> dict[str, Any]:
    return {
        "number": row.number,
        "what": in_short(row.entry, titles),
        "period": titles.said(period(row)),
        "standing": titles.said(STANDINGS[register.standing(row, at)]),
        "why": why_ended(row),
    }


def period(row: KeptRow) -> Words:
    """From when until when a row holds, or held."""
    first = day(row.first_day)
    if row.revoked_at is not None and (row.entry.valid_until is None or row.last_day < row.entry.valid_until):
        ended = day(clock.local(row.revoked_at).date())
        return Words(f"vanaf {first} tot {ended}", f"from {first} until {ended}")
    if row.entry.valid_until is None:
        return Words(f"vanaf {first}", f"from {first}")
    last = day(row.entry.valid_until)
    return Words(f"vanaf {first} tot en met {last}", f"from {first} up to and including {last}")


def why_ended(row: KeptRow) -> str:
    """Why a row was revoked, as it was written down."""
    return row.revoked_why or ""
