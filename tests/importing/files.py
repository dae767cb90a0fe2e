"""Plainly fictional files from another system."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from openpyxl import Workbook

from tests.conftest import Town
from wijkteam.importing.columns import KINDS
from wijkteam.importing.service import Progress, Tools, begin, go_on, look_at
from wijkteam.storage.work import Work
from wijkteam.terms import clock

BSN = "123456782"
SOON = (clock.today() + timedelta(days=9)).isoformat()
EVI = "evi@elders.example"


def csv_file(kind: str, *rows: Mapping[str, Any], delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """One kind of rows as CSV, under its Dutch names."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    names = {each.key: each.name for each in KINDS[kind].columns}
    columns = [key for key in names if any(key in row for row in rows)]
    writer.writerow([names[key] for key in columns])
    writer.writerows([[row.get(key, "") for key in columns] for row in rows])
    return out.getvalue().encode(encoding)


def book(sheets: Mapping[str, Iterable[Mapping[str, Any]]]) -> bytes:
    """A workbook as somebody fills it in."""
    made = Workbook()
    made.remove(made.active)
    for key, rows in sheets.items():
        sheet = made.create_sheet(KINDS[key].sheet)
        sheet.append([each.name for each in KINDS[key].columns])
        for row in rows:
            sheet.append([row.get(each.key) for each in KINDS[key].columns])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def case(number: int, **more: Any) -> dict[str, Any]:
    """An open case of household H-number."""
    return {
        "household": f"H-{number}",
        "owner": EVI,
        "what_is_going_on": f"Huurschuld {number}",
        "next_step": "Bellen",
        "next_step_on": SOON,
        **more,
    }


def whole(cases: int = 3) -> dict[str, list[dict[str, Any]]]:
    """A small organisation: somebody with a function in a team, and households with open cases and residents."""
    return {
        "people": [{"name": "Evi Elders", "email": EVI}, {"name": "Bo Buiten", "email": "bo@elders.example"}],
        "teams": [{"name": "Team Elders"}],
        "functions": [{"email": EVI, "function": "best_person", "team": "Team Elders"}],
        "households": [
            {"household": f"H-{at}", "who_or_where": f"Familie Verzonnen {at}, Nergensweg {at}"} for at in range(cases)
        ],
        "cases": [
            case(
                at,
                state=("Gemeld", "Uitvoeren", "Wacht op een ander")[at % 3],
                safety="Veilig",
                question="Rust",
                plan="Schuld regelen",
                explained="De verhuurder",
                reference=f"Z-{at}",
            )
            for at in range(cases)
        ],
        "residents": [
            {
                "household": "H-0",
                "name": "Vera Verzonnen",
                "birth_date": "05-06-1988",
                "bsn": BSN,
                "bsn_ground": "wmo",
                "bsn_purpose": "Aanvraag",
            }
        ],
    }


def tools(town: Town) -> Tools:
    """What bringing in needs."""
    return Tools(town.house.key_ring, town.house.bsn_grounds)


def bring(town: Town, content: bytes, what: str = "workbook", work: Work | None = None) -> tuple[str, Progress]:
    """Bring a file in as Ada; gives the id of the import and how far it came."""
    ada = work or town.work("ada")
    checked = look_at(ada, tools(town), content, what)
    begun = begin(ada, checked, f"{what}.xlsx")
    return begun.id, go_on(ada, tools(town), begun.id, checked)
