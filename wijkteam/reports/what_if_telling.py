"""The what-if in plain Dutch sentences."""

from collections.abc import Sequence

from wijkteam.mandate.verdict import euros
from wijkteam.mandate.what_if.curve import Choice, Curve
from wijkteam.reports.figures import Cell
from wijkteam.reports.what_if import Line, Unit
from wijkteam.reports.what_if_exports import told
from wijkteam.reports.what_if_service import WhatIf
from wijkteam.reports.what_if_words import TITLES

TOLD_WITH_ANOTHER = ("_low", "_high", "_p25", "_p75")
FATES = {
    "as_asked": "goedgekeurd zoals gevraagd",
    "changed": "anders goedgekeurd",
    "refused_then_granted": "eerst geweigerd, later goedgekeurd",
    "refused_for_good": "geweigerd",
    "withdrawn": "teruggenomen",
    "open": "wacht nog",
}


def group_title(code: str) -> str:
    """How a group of requests is called; its code where it has no name."""
    found = TITLES.get(code)
    return found.nl[:1].upper() + found.nl[1:] if found else code


def page_lines(lines: Sequence[Line]) -> list[Line]:
    """The figures of a table without those that are told with another, and without details of nothing."""
    shown, nothing = [], False
    for each in lines:
        if not each.below:
            nothing = all(cell.value == 0 for cell in each.cells)
        if not (each.below and nothing) and not each.code.endswith(TOLD_WITH_ANOTHER):
            shown.append(each)
    return shown


def figure_told(found: WhatIf, line: Line, number: int) -> str:
    """A figure of a scenario; a share with its 95% interval."""
    text = told(line.cells[number], line.unit)
    ends = [
        each.cells[number]
        for end in ("_low", "_high")
        for each in found.lines
        if line.code.endswith("_share") and each.code == line.code.removesuffix("_share") + end
    ]
    if len(ends) < 2 or any(each.value is None for each in ends):
        return text
    low, high = (told(each, line.unit) for each in ends)
    return f"{text} ({low.removesuffix('%')}–{high})"


def scenario_told(found: WhatIf, number: int) -> str:
    """Gain and price of one scenario, in a few sentences. What is withheld is not told."""

    def figure(code: str) -> str:
        line = found.line(code)
        return told(line.cells[number], line.unit)

    def cell(code: str) -> Cell:
        return found.line(code).cells[number]

    title = found.scenarios[number].title
    count = cell("front_line")
    if count.withheld:
        return f"Met een plafond van {title}: te weinig huishoudens om iets over te zeggen."
    if not count.value:
        return f"Met een plafond van {title} had de frontlijn geen enkel verzoek meer zelf kunnen besluiten dan nu."
    gain = (
        f"Met een plafond van {title} had de frontlijn {figure('front_line')} verzoeken zelf besloten "
        f"({figure('front_line_share')} van alle verzoeken). Dat had samen {figure('spared')} dagen wachten gescheeld. "
    )
    if not cell("spared_median").withheld:
        gain += f"De helft van deze verzoeken wachtte hooguit {figure('spared_median')} {_day(cell('spared_median'))}"
        long = cell("spared_p90")
        gain += ". " if long.withheld else f", 1 op de 10 langer dan {figure('spared_p90')} {_day(long)}. "
    refused = cell("refused_ever")
    if refused.withheld:
        return f"{gain}De prijs kunnen we niet tonen: er zitten te weinig huishoudens achter."
    price = (
        "Geen van deze verzoeken is geweigerd."
        if not refused.value
        else (
            f"De prijs: {figure('refused_ever')} van deze verzoeken ({figure('refused_ever_share')}) "
            f"{'is' if refused.value == 1 else 'zijn'} ten minste 1 keer geweigerd, en dat was dan niet gebeurd."
        )
    )
    return gain + price


def _day(cell: Cell) -> str:
    return "dag" if cell.value is not None and round(cell.value, 1) == 1 else "dagen"


def choice_told(curve: Curve, choice: Choice) -> str:
    """Which ceiling does what is wished, or why none does."""
    spare, through = _percent(float(choice.spare)), _percent(float(choice.let_through))
    wish = f"U wilt {spare} van het wachten besparen en hoogstens {through} van de weigeringen doorlaten. "
    if choice.smallest is None:
        return f"{wish}Er is geen plafond dat we kunnen tonen en dat dit doet."
    lets = _percent(float(curve.lets_through(choice.smallest)))
    first = f"{wish}Het laagste plafond dat {spare} bespaart is {euros(choice.smallest.ceiling)}. "
    if choice.fits:
        return f"{first}Dat laat {lets} van de weigeringen door. Dat past."
    first += f"Dat laat {lets} van de weigeringen door. Samen kan dus niet. "
    if choice.most is None:
        return f"{first}Elk plafond laat meer dan {through} door."
    spared = _percent(float(curve.spares(choice.most)))
    return f"{first}Tot {euros(choice.most.ceiling)} blijft u binnen uw grens. Dat bespaart {spared} van het wachten."


def _percent(share: float) -> str:
    return told(Cell(round(share * 100, 1)), Unit.PERCENT).replace(",0%", "%")
