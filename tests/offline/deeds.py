"""The four things that can be written without a connection, as a browser writes them, and where it can be cut."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tests.conftest import Town
from tests.offline.conftest import Device, Line, tomorrow
from tests.offline.test_in_browser import cases_of
from wijkteam.escalation.queries import escalations_of_case
from wijkteam.events.queries import events_of, recorded


@dataclass(frozen=True)
class Deed:
    """Something that can be written: where its form is, how it is filled in and sent, and how often it was done."""

    name: str
    form: str
    sent_to: str
    fills: Callable[[Device, str], None]
    sends: Callable[[Device], None]
    done: Callable[[Town, str, str], int]
    typed: int
    """How many lines tell what was typed; codes and numbers of forms tell nobody anything."""
    after: str = "/casus/{case}"


def notes(device: Device, words: str) -> None:
    device.page.get_by_label("Wat is er gezegd of gebeurd?").fill(words)


def moves(device: Device, words: str) -> None:
    form = device.page.locator("#stap-change_next_step")
    form.locator("summary").first.click()
    form.locator("[name=next_step]").fill(words)
    form.locator("[name=next_step_on]").fill(tomorrow())


def opens(device: Device, words: str) -> None:
    for name, value in {"who_or_where": words, "what_is_going_on": words, "next_step": "Gaan"}.items():
        device.page.locator(f"[name={name}]").fill(value)
    device.page.locator("[name=next_step_on]").fill(tomorrow())


def escalates(device: Device, words: str) -> None:
    device.page.locator("[name=question]").fill(words)
    choice = device.page.locator("select[name=barrier]")
    if choice.count():
        choice.select_option("housing")


def picks_barrier(device: Device) -> None:
    """With a connection one tap on what is in the way sends it, without one it is a choice and a button."""
    tap = device.page.locator("button[name=barrier][value=housing]")
    presses(device, "button[name=barrier][value=housing]" if tap.count() else "main form button")


def presses(device: Device, button: str) -> None:
    with device.page.expect_navigation():
        device.page.locator(button).first.click()


def noted(field: str) -> Callable[[Town, str, str], int]:
    def count(town: Town, case: str, words: str) -> int:
        return [recorded(each).get(field) for each in events_of(fresh(town), "household_case", case)].count(words)

    return count


def fresh(town: Town) -> Session:
    return town.clockwork().session


DEEDS = [
    Deed(
        "contact",
        "/casus/{case}",
        "/casus/{case}/stap/add_note",
        notes,
        lambda device: presses(device, "[name=contact_kind][value=phone]"),
        noted("note"),
        2,
    ),
    Deed(
        "next step",
        "/casus/{case}",
        "/casus/{case}/stap/change_next_step",
        moves,
        lambda device: presses(device, "#stap-change_next_step form button"),
        noted("next_step"),
        2,
    ),
    Deed(
        "new case",
        "/casus/openen",
        "/casus/openen",
        opens,
        lambda device: device.presses("Casus openen"),
        lambda town, case, words: len(cases_of(town, words)),
        4,
        after="/",
    ),
    Deed(
        "escalation",
        "/casus/{case}/opschalen",
        "/casus/{case}/opschalen",
        escalates,
        picks_barrier,
        lambda town, case, words: [each.question for each in escalations_of_case(fresh(town), case)].count(words),
        1,
    ),
]


class Cut:
    """At which step the connection goes, and stays away."""

    def __init__(self, line: Line, way: str) -> None:
        self.line, self.way = line, way

    def now(self) -> None:
        """At once."""
        self.line.breaks_before = lambda way: True

    def on_the_way_there(self) -> None:
        """The request leaves, and never arrives."""
        self.line.breaks_before = lambda way: way == self.way and self._and_stays()

    def on_the_way_back(self) -> None:
        """The request arrives and is done, and its answer is lost."""
        self.line.breaks_after = lambda way: way == self.way and self._and_stays()

    def after_the_answer(self) -> None:
        """The answer arrives, and nothing after it."""
        self.line.breaks_before = lambda way: bool(self.line.handled[-1:] == [self.way]) and self._and_stays()

    def _and_stays(self) -> bool:
        self.now()
        return True


def writes(deed: Deed, phone: Device, case: str, words: str, step: str) -> Cut:
    """Fills the form in and sends it, with the connection cut at this step."""
    cut = Cut(phone.line, f"POST {deed.sent_to.format(case=case)}")
    if step == "before opening the form":
        cut.now()
    phone.visits(deed.form.format(case=case))
    deed.fills(phone, words)
    if step == "after filling it in":
        cut.now()
    elif step == "while sending, on the way there":
        cut.on_the_way_there()
    elif step == "while sending, on the way back":
        cut.on_the_way_back()
    elif step == "after sending":
        cut.after_the_answer()
    deed.sends(phone)
    return cut
