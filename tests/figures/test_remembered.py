"""What was reckoned over a period is reckoned once, and never told when something happened since."""

from tests.conftest import Town
from wijkteam.cases.service import NewCase, open_case
from wijkteam.figures.remembered import Moment, remembered
from wijkteam.terms import clock


def test_what_was_reckoned_holds_until_something_happens_and_what_is_dear_some_minutes_longer(town: Town) -> None:
    made: list[str] = []

    def ask(key: str, dear: bool = False) -> int:
        def make() -> int:
            made.append(key)
            return len(made)

        session = town.clockwork().session
        return remembered(session, Moment.of(session), key, make, lambda _: dear)

    first = ask("a year")
    assert ask("a year") == first and ask("another year") != first, "each is made once"
    ask("a dear year")
    open_case(town.work("fenna"), NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    assert ask("a year") != first, "something happened"
    ask("a dear year", dear=True)
    assert made.count("a dear year") == 1
    ask("a dear year")
    assert made.count("a dear year") == 2
