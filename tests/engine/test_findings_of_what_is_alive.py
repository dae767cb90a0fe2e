"""What no one can ever do leads nowhere: findings follow only the ways that somebody, or the clock, can really take."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.small_world import DOOR, KNOWN, WINDOW, write_world
from tests.engine.test_findings import CHILD, LOSE, LOST, NEW_STATE, TRANSITIONS, findings, of_kind
from wijkteam.engine.loading import examine
from wijkteam.engine.reading import Finding

RETURN = "  - {name: find, title: {nl: Vinden, en: Find}, from: lost, to: wide, by: [worker]}\n"


def changed(*changes: tuple[str, str], text: str = DOOR) -> str:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def lost_and(*transitions: str) -> str:
    """The door with one more state, and these transitions."""
    return changed((NEW_STATE, LOST + NEW_STATE), (TRANSITIONS, TRANSITIONS + "".join(transitions)))


def named(kind: str, found: list[Finding]) -> list[str]:
    return [each.wrong for each in found if each.kind == kind]


def test_a_state_to_which_only_a_dead_transition_leads_cannot_be_reached(tmp_path: Path) -> None:
    door = lost_and(LOSE.replace("worker", "ghost"), RETURN)
    found = findings(write_world(tmp_path, door))
    assert named("unreachable-state", found) == ["'lost' cannot be reached"]
    assert named("dead-transition", found) == ["no one can ever take 'lose'"]


def test_a_state_from_which_only_a_dead_transition_leads_has_no_end_and_cannot_be_left(tmp_path: Path) -> None:
    found = findings(write_world(tmp_path, lost_and(LOSE, RETURN.replace("worker", "ghost"))))
    assert "from 'lost' no end can be reached" in named("no-end", found)
    assert of_kind("stuck-state", found).shown_by == ("shut", "-unlock→", "wide", "-lose→", "lost")


def test_a_state_that_guards_which_exclude_each_other_keep_shut_cannot_be_reached(tmp_path: Path) -> None:
    never = LOSE.replace("by: [worker]", "by: [worker], when: [has_rung, on_last_rung]")
    found = findings(write_world(tmp_path, lost_and(never, RETURN)))
    assert named("unreachable-state", found) == ["'lost' cannot be reached"]


def test_a_side_road_leads_back_only_to_where_it_was_entered(tmp_path: Path) -> None:
    """'shut' is entered from nowhere, so that the way back from 'ajar' does not lead there either."""
    found = findings(
        write_world(tmp_path, changed(("initial: shut", "initial: wide"), ("from: shut", "from: [shut, wide]")))
    )
    assert "'shut' cannot be reached" in named("unreachable-state", found)


def test_a_state_that_only_the_clock_and_a_ghost_can_leave_is_stuck(tmp_path: Path) -> None:
    tick = "  - {name: tick, title: {nl: T, en: T}, from: lost, to: gone, by: [clock, ghost]}\n"
    door = changed(
        ("holder: worker, resting: true}", "holder: worker, term: {within: P1D, on_miss: tick}}"),
        text=lost_and(LOSE, tick),
    )
    assert "nobody can leave 'lost'" in named("stuck-state", findings(write_world(tmp_path, door)))


@pytest.mark.parametrize("by", ["ghost", "clock", "parent"])
def test_an_opening_that_nobody_can_do_is_dead(tmp_path: Path, by: str) -> None:
    door = changed(("  title: {nl: Plaatsen, en: Place}\n  by: [worker]", f"  title: {{nl: P, en: P}}\n  by: [{by}]"))
    assert named("dead-transition", findings(write_world(tmp_path, door))) == ["no one can ever take 'open'"]


def test_what_is_for_a_parent_alone_is_dead_where_subjects_live_in_none(tmp_path: Path) -> None:
    door = changed(("    to: wide\n    by: [worker]", "    to: wide\n    by: [parent]"))
    assert "no one can ever take 'unlock'" in named("dead-transition", findings(write_world(tmp_path, door)))


def test_a_holder_whom_no_one_can_ever_be_holds_nothing(tmp_path: Path) -> None:
    door = changed(("holder: lead\n", "holder: ghost\n"), ("    by: [lead]\n", "    by: [lead, ghost]\n"))
    assert "no one can ever be 'ghost'" in of_kind("nobody-holds", findings(write_world(tmp_path, door))).wrong


def test_a_holder_without_mandate_cannot_do_what_they_are_waited_for(tmp_path: Path) -> None:
    door = changed(
        ("from: wide\n    to: gone\n    by: [lead]", "from: wide\n    to: gone\n    by: [worker, lead]"),
        ("from: [shut, wide]", "from: shut"),
        ("holder: worker\n    resting: true", "holder: worker\n    resting: true"),
    )
    assert "'worker' holds the ball in 'wide'" in of_kind("idle-holder", findings(write_world(tmp_path, door))).wrong


def test_a_mandate_counts_only_for_its_own_power(tmp_path: Path) -> None:
    elsewhere = replace(KNOWN, mandated={"painting": frozenset({"lead_of_doors"})})
    found = examine([write_world(tmp_path)], elsewhere).findings
    assert "lets anyone take 'allow'" in of_kind("no-mandate", found).wrong


def test_up_and_down_for_ever_is_a_clock_loop_though_each_runs_out(tmp_path: Path) -> None:
    drop = (
        "  - {name: drop, title: {nl: Z, en: D}, from: shut, to: same, by: [clock], when: [has_lower_rung],"
        " effects: [lower_rung], restarts_term: true}\n"
    )
    door = changed(("[climb, remind]", "[climb, drop, remind]"), (TRANSITIONS, TRANSITIONS + drop))
    found = findings(write_world(tmp_path, door))
    assert [each.kind for each in found] == ["clock-loop"] and found[0].shown_by[0] == "shut"
    down_only = changed(
        ("[climb, drop, remind]", "[drop, remind]"), ("by: [clock]\n    when", "by: [worker]\n    when"), text=door
    )
    assert findings(write_world(tmp_path, down_only)) == []


def test_a_way_beside_one_that_runs_out_keeps_the_clock_going(tmp_path: Path) -> None:
    """Between tick and tock one way runs out, and the other does not."""
    state = "  {0}: {{title: {{nl: T, en: T}}, holder: worker, term: {{within: P1D, on_miss: [{1}]}}}}\n"
    road = "  - {{name: {0}, title: {{nl: A, en: A}}, from: {1}, to: {2}, by: [{3}]{4}}}\n"
    roads = (
        road.format("start", "wide", "tick", "worker", ""),
        road.format("stop", "[tick, tock]", "wide", "worker", ""),
        road.format("run_out", "tick", "tock", "clock", ", when: [has_rung], effects: [next_rung]"),
        road.format("go_on", "tick", "tock", "clock", ""),
        road.format("back", "tock", "tick", "clock", ""),
    )
    states = state.format("tick", "run_out, go_on") + state.format("tock", "back")
    door = changed((NEW_STATE, states + NEW_STATE), (TRANSITIONS, TRANSITIONS + "".join(roads)))
    found = [each for each in findings(write_world(tmp_path, door)) if each.kind == "clock-loop"]
    assert len(found) == 1 and "-go_on→" in found[0].shown_by
    ending = changed(("on_miss: [run_out, go_on]", "on_miss: [run_out]"), (roads[3], ""), text=door)
    assert not named("clock-loop", findings(write_world(tmp_path, ending)))


def test_what_comes_after_the_same_guards_is_never_tried(tmp_path: Path) -> None:
    again = (
        "  - {name: again, title: {nl: W, en: A}, from: shut, to: same, by: [clock], when: [fits, has_rung],"
        " effects: [next_rung], restarts_term: true}\n"
    )
    door = changed(("[climb, remind]", "[climb, again, remind]"), (TRANSITIONS, TRANSITIONS + again))
    assert "'again' is never tried, for 'climb'" in of_kind("never-tried", findings(write_world(tmp_path, door))).wrong


def test_an_end_that_waits_for_children_may_leave_a_missed_term_without_answer(tmp_path: Path) -> None:
    run_out = "  - {name: run_out, title: {nl: V, en: R}, from: ajar, to: gone, by: [clock]}\n"
    door = changed(
        ("term: {named: rung, on_miss: remind}", "term: {named: rung, on_miss: run_out}"),
        ("    from: [shut, ajar]\n", "    from: shut\n"),
        (TRANSITIONS, TRANSITIONS + run_out),
    )
    found = of_kind("silence-after-term", findings(write_world(tmp_path, door)))
    assert "children are open" in found.wrong


GIVING = "{why: answer}"
MAY_ASK_WHY = ("    asks: [why]\n", "    may_ask: [why]\n")


def test_what_children_need_not_fill_in_may_be_given_from_what_need_not_be_filled_in(tmp_path: Path) -> None:
    optional = changed(
        (
            "    asks: [answer]\n    effects: [keep_answer]\n    children",
            "    may_ask: [colour]\n    effects: [paint]\n    children",
        )
    )
    colour = ("{type: text, for_record: true,", "{type: choice, list: colours, for_record: true,")
    door = changed((GIVING, "{why: colour}"), text=optional)
    sound = write_world(tmp_path, door, changed(MAY_ASK_WHY, colour, text=WINDOW))
    known = replace(
        KNOWN,
        vocabularies={
            **KNOWN.vocabularies,
            "window": replace(KNOWN.vocabularies["window"], lists=KNOWN.vocabularies["door"].lists),
        },
    )
    assert examine([sound], known).findings == []
    needed = write_world(tmp_path, door, changed(colour, text=WINDOW))
    assert "does not ask 'colour'" in of_kind("child-cannot-follow", examine([needed], known).findings).wrong


def test_a_choice_is_given_only_from_the_same_choices(tmp_path: Path) -> None:
    answer = "    type: text\n    title: {nl: Antwoord"
    own = "    type: choice\n    choices: {yes: {nl: Ja, en: Yes}, no: {nl: Nee, en: 'No'}}\n    title: {nl: Antwoord"
    door = changed((answer, own))
    fewer = ("{type: text, for_record: true,", "{type: choice, choices: {yes: {nl: J, en: Y}}, for_record: true,")
    found = findings(write_world(tmp_path, door, changed(fewer, text=WINDOW)))
    assert "are not of one type" in of_kind("child-cannot-follow", found).wrong
    more = (fewer[0], fewer[1].replace("choices: {", "choices: {no: {nl: N, en: N}, "))
    assert findings(write_world(tmp_path, door, changed(more, text=WINDOW))) == []


def test_a_child_that_waits_for_children_of_its_own_cannot_follow(tmp_path: Path) -> None:
    window = changed(("subject: window\n", "subject: window\nchildren: [window]\n"), text=WINDOW)
    words = {
        **KNOWN.vocabularies,
        "window": replace(KNOWN.vocabularies["window"], children=KNOWN.vocabularies["door"].children),
    }
    found = examine([write_world(tmp_path, window=window)], replace(KNOWN, vocabularies=words)).findings
    assert "waits for children of its own" in of_kind("child-cannot-follow", found).wrong
    assert CHILD in DOOR
