"""The what-if in plain sentences."""

from collections.abc import Sequence

from wijkteam.mandate.verdict import euros
from wijkteam.mandate.what_if.curve import Choice, Curve
from wijkteam.reports.figures import Cell
from wijkteam.reports.what_if import Line, Unit
from wijkteam.reports.what_if_exports import told
from wijkteam.reports.what_if_service import WhatIf
from wijkteam.reports.what_if_words import TITLES
from wijkteam.terms.words import Words

TOLD_WITH_ANOTHER = ("_low", "_high", "_p25", "_p75")
FATES = {
    "as_asked": Words("goedgekeurd zoals gevraagd", "granted as asked"),
    "changed": Words("anders goedgekeurd", "granted with a change"),
    "refused_then_granted": Words("eerst geweigerd, later goedgekeurd", "refused first, granted later"),
    "refused_for_good": Words("geweigerd", "refused"),
    "withdrawn": Words("teruggenomen", "taken back"),
    "open": Words("wacht nog", "still waits"),
}


def group_title(code: str) -> Words:
    """How a group of requests is called; its code where it has no name."""
    found = TITLES.get(code)
    if found is None:
        return Words(code, code)
    return Words(found.nl[:1].upper() + found.nl[1:], found.en[:1].upper() + found.en[1:])


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


def scenario_told(found: WhatIf, number: int) -> Words:
    """Gain and price of one scenario, in a few sentences. What is withheld is not told."""

    def figure(code: str) -> str:
        line = found.line(code)
        return told(line.cells[number], line.unit)

    def cell(code: str) -> Cell:
        return found.line(code).cells[number]

    title = found.scenarios[number].title
    count = cell("front_line")
    if count.withheld:
        return Words(
            f"Met een plafond van {title}: te weinig huishoudens om iets over te zeggen.",
            f"With a ceiling of {title}: too few households to say anything about.",
        )
    if not count.value:
        return Words(
            f"Met een plafond van {title} had de frontlijn geen enkel verzoek meer zelf kunnen besluiten dan nu.",
            f"With a ceiling of {title} the front line could have decided no more requests itself than now.",
        )
    said = [
        Words(
            f"Met een plafond van {title} had de frontlijn {figure('front_line')} verzoeken zelf besloten "
            f"({figure('front_line_share')} van alle verzoeken). Dat had samen {figure('spared')} dagen wachten "
            "gescheeld.",
            f"With a ceiling of {title} the front line would have decided {figure('front_line')} requests itself "
            f"({figure('front_line_share')} of all requests). Together that would have spared {figure('spared')} days "
            "of waiting.",
        )
    ]
    half, long, refused = cell("spared_median"), cell("spared_p90"), cell("refused_ever")
    if not half.withheld:
        said.append(_waited(figure("spared_median"), half, None if long.withheld else figure("spared_p90"), long))
    if refused.withheld:
        said.append(
            Words(
                "De prijs kunnen we niet tonen: er zitten te weinig huishoudens achter.",
                "The price cannot be shown: there are too few households behind it.",
            )
        )
    elif not refused.value:
        said.append(Words("Geen van deze verzoeken is geweigerd.", "None of these requests was refused."))
    else:
        one = refused.value == 1
        share = f"{figure('refused_ever')} van deze verzoeken ({figure('refused_ever_share')})"
        part = f"{figure('refused_ever')} of these requests ({figure('refused_ever_share')})"
        said.append(
            Words(
                f"De prijs: {share} {'is' if one else 'zijn'} ten minste 1 keer geweigerd, "
                "en dat was dan niet gebeurd.",
                f"The price: {part} {'was' if one else 'were'} refused at least once, and then that would not have "
                "happened.",
            )
        )
    return _together(said)


def _waited(half: str, half_cell: Cell, long: str | None, long_cell: Cell) -> Words:
    nl = f"De helft van deze verzoeken wachtte hooguit {half} {_day(half_cell).nl}"
    en = f"Half of these requests waited at most {half} {_day(half_cell).en}"
    if long is None:
        return Words(f"{nl}.", f"{en}.")
    day = _day(long_cell)
    return Words(f"{nl}, 1 op de 10 langer dan {long} {day.nl}.", f"{en}, 1 in 10 longer than {long} {day.en}.")


def _together(said: Sequence[Words]) -> Words:
    return Words(" ".join(each.nl for each in said), " ".join(each.en for each in said))


def _day(cell: Cell) -> Words:
    one = cell.value is not None and round(cell.value, 1) == 1
    return Words("dag", "day") if one else Words("dagen", "days")


def choice_told(curve: Curve, choice: Choice) -> Words:
    """Which ceiling does what is wished, or why none does."""
    spare, through = _percent(float(choice.spare)), _percent(float(choice.let_through))
    said = [
        Words(
            f"U wilt {spare} van het wachten besparen en hoogstens {through} van de weigeringen doorlaten.",
            f"You want to spare {spare} of the waiting and let at most {through} of the refusals through.",
        )
    ]
    if choice.smallest is None:
        none = Words(
            "Er is geen plafond dat we kunnen tonen en dat dit doet.",
            "There is no ceiling that can be shown and that does this.",
        )
        return _together([*said, none])
    lets = _percent(float(curve.lets_through(choice.smallest)))
    ceiling = euros(choice.smallest.ceiling)
    said += [
        Words(
            f"Het laagste plafond dat {spare} bespaart is {ceiling}.",
            f"The lowest ceiling that spares {spare} is {ceiling}.",
        ),
        Words(f"Dat laat {lets} van de weigeringen door.", f"That lets {lets} of the refusals through."),
    ]
    if choice.fits:
        return _together([*said, Words("Dat past.", "That fits.")])
    said.append(Words("Samen kan dus niet.", "So both together is not possible."))
    if choice.most is None:
        said.append(
            Words(f"Elk plafond laat meer dan {through} door.", f"Every ceiling lets more than {through} through.")
        )
        return _together(said)
    spared, most = _percent(float(curve.spares(choice.most))), euros(choice.most.ceiling)
    said.append(
        Words(
            f"Tot {most} blijft u binnen uw grens. Dat bespaart {spared} van het wachten.",
            f"Up to {most} you stay within your limit. That spares {spared} of the waiting.",
        )
    )
    return _together(said)


def _percent(share: float) -> str:
    return told(Cell(round(share * 100, 1)), Unit.PERCENT).replace(",0%", "%")
