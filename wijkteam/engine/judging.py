"""Judging whether a transition can be taken: role, guards, mandate and children, with reasons for people."""

from wijkteam.engine.definition import CLOCK_ROLE, NOT_PEOPLE, WAIT, Deed, Transition, Workflow
from wijkteam.engine.outcomes import CHILDREN, MANDATE, ROLE, Blocked, NoMandate, NotYours, Option
from wijkteam.engine.process import Process
from wijkteam.engine.vocabulary import Authority, Reason, Situation, in_words


def check_role(process: Process, deed: Deed, situation: Situation) -> None:
    """Raises NotYours when the actor holds none of the roles."""
    if not _holds_any(process, deed, situation):
        who = _who(process, deed, situation)
        raise NotYours(_not_yours(who), _listed(who) if who else None, ROLE)


def check_guards_and_mandate(process: Process, deed: Deed, situation: Situation) -> Authority | None:
    """The authority for a decision, None for what is no decision. Raises Blocked or NoMandate."""
    for name in deed.when:
        reason = process.vocabulary.guards[name].check(situation)
        if reason is not None:
            raise Blocked(reason, stopped_by=name)
    if deed.decision is None:
        return None
    authority = process.vocabulary.decisions[deed.decision].judge(situation)
    if not authority.allowed:
        reason = authority.reason or Reason("U hebt hier geen mandaat voor.", "No mandate.")
        raise NoMandate(reason, authority.nearest, MANDATE)
    return authority


def still_open(process: Process, transition: Transition, situation: Situation) -> Reason | None:
    """Which children the transition still waits for; None when for nothing."""
    waiting = []
    for kind, rule in process.child_rules[transition.name].items():
        if rule == WAIT:
            children = process.vocabulary.children[kind]
            count = len(children.open(situation))
            if count:
                waiting.append((count, children.title))
    if not waiting:
        return None
    nl = ", ".join(f"{count} {title.nl}" for count, title in waiting)
    en = ", ".join(f"{count} {title.en}" for count, title in waiting)
    return Reason(f"Er staat nog open: {nl}. Rond dat eerst af.", f"Still open: {en}. End that first.")


def option_of(process: Process, transition: Transition, situation: Situation) -> Option:
    """The transition as an option for the actor: open, or blocked and why, in the order in which fire finds it."""
    if not _holds_any(process, transition, situation):
        who = _who(process, transition, situation)
        return Option(transition, False, _not_yours(who), who, stopped_by=ROLE)
    for name in transition.when:
        reason = process.vocabulary.guards[name].check(situation)
        if reason is not None:
            return Option(transition, False, reason, stopped_by=name)
    authority = None
    if transition.decision is not None:
        authority = process.vocabulary.decisions[transition.decision].judge(situation)
        if not authority.allowed:
            who = (authority.nearest,) if authority.nearest else ()
            return Option(transition, False, authority.reason, who, authority, MANDATE)
    blocking = still_open(process, transition, situation)
    if blocking is not None:
        return Option(transition, False, blocking, stopped_by=CHILDREN)
    return Option(transition, True, authority=authority)


def not_open(workflow: Workflow, name: str, state: str) -> Reason:
    """Why a transition that the state does not know cannot be taken."""
    transition = workflow.transition(name)
    title = workflow.states[state].title
    if transition is None:
        return Reason(f"'{name}' bestaat niet in deze werkwijze.", f"'{name}' does not exist in this workflow.")
    return Reason(
        f"'{transition.title.nl}' kan niet in de stand '{title.nl}'.",
        f"'{transition.title.en}' is not possible in the state '{title.en}'.",
    )


def _holds_any(process: Process, deed: Deed, situation: Situation) -> bool:
    if situation.actor.is_clock:
        return CLOCK_ROLE in deed.by
    roles = process.vocabulary.roles
    return any(roles[role].holds(situation) for role in deed.by if role not in NOT_PEOPLE)


def _who(process: Process, deed: Deed, situation: Situation) -> tuple[Reason, ...]:
    named = [in_words(process.vocabulary.roles[role].who(situation)) for role in deed.by if role not in NOT_PEOPLE]
    return tuple(dict.fromkeys(each for each in named if each.nl))


def _listed(who: tuple[Reason, ...]) -> Reason:
    return Reason(", ".join(each.nl for each in who), ", ".join(each.en for each in who))


def _not_yours(who: tuple[Reason, ...]) -> Reason:
    if not who:
        return Reason("Dit kan nu niemand doen.", "Nobody can do this now.")
    listed = _listed(who)
    return Reason(f"Dit kan: {listed.nl}.", f"This can be done by: {listed.en}.")
