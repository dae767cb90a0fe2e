"""Steps as sentences: what happened in a case, told as one would tell a colleague.

A sentence is parts in a row. A part that names something that was not filled in is left out; the first part always
stands. `{who}` is who did it. A step without a sentence here is told by its own title.
"""

from collections.abc import Mapping

from wijkteam.web.language import _, later

Parts = tuple[str, ...]
CLOCK = later("Het systeem")

SENTENCES: Mapping[tuple[str, str], Parts] = {
    ("household_case", "open"): (later("{who} opende de casus"), ": {what_is_going_on}"),
    ("household_case", "found_safe"): (later("{who} keek of iedereen veilig is. Het is veilig genoeg"), ": {safety}"),
    ("household_case", "found_unsafe"): (later("{who} zag dat het niet veilig is"), ": {safety}"),
    ("household_case", "made_safe"): (later("{who} zag dat het weer veilig genoeg is"), ": {safety}"),
    ("household_case", "question_is_clear"): (later("De vraag is nu helder, noteerde {who}"), ": {question}"),
    ("household_case", "plan_is_agreed"): (later("Het plan staat. {who} schreef het op"), ": {plan}"),
    ("household_case", "evaluate"): (later("{who} keek terug met het huishouden"), ": {how_it_goes}"),
    ("household_case", "go_on"): (later("{who} gaat door met het plan"),),
    ("household_case", "finish"): (
        later("{who} rondde de casus af"),
        ": {outcome}",
        later(". Waardoor: {outcome_reason}"),
    ),
    ("household_case", "take_up_again"): (later("{who} pakte de casus weer op"), ": {how_it_goes}"),
    ("household_case", "close"): (later("{who} sloot de casus"), ": {how_it_goes}"),
    ("household_case", "stop_early"): (later("{who} stopte de casus eerder"), ": {outcome_reason}"),
    ("household_case", "change_next_step"): (
        later("{who} sprak een volgende stap af"),
        ": {next_step}",
        later(", op {next_step_on}"),
        later(", door {next_step_by}"),
    ),
    ("household_case", "add_note"): (later("{who} noteerde"), " ({contact_kind})", ": {note}"),
    ("household_case", "decide"): (later("{who} besloot zelf: {power}"), ", {amount}", later(". Waarom: {motivation}")),
    ("household_case", "wait_for_other"): (later("{who} wacht op een ander"), ": {waiting_for}"),
    ("household_case", "other_delivered"): (later("Waar {who} op wachtte, is er"), ": {came_in}"),
    ("household_case", "lose_contact"): (
        later("{who} heeft geen contact meer"),
        later(". Geprobeerd is: {contact_tried}"),
    ),
    ("household_case", "regain_contact"): (later("{who} heeft weer contact"), ": {contact_regained}"),
    ("household_case", "hand_over"): (later("{who} vroeg {new_owner} om de casus over te nemen"), ": {handover}"),
    ("household_case", "accept_transfer"): (later("{who} nam de casus over"),),
    ("household_case", "decline_transfer"): (later("De casus blijft bij wie hem had, zei {who}"), ": {why_not}"),
    ("household_case", "tracks_ended"): (later("Alle sporen zijn klaar"),),
    ("household_case", "remind"): (later("{who} herinnerde aan de termijn van deze stand"),),
    ("household_case", "protect"): (later("{who} schermde de casus af"),),
    ("household_case", "unprotect"): (later("{who} haalde de afscherming weg"),),
    ("household_case", "name_reader"): (later("{who} liet {reader} meelezen"),),
    ("household_case", "remove_reader"): (later("{who} laat {reader} niet meer meelezen"),),
    ("track", "open"): (later("{who} begon een spoor over {life_domain}"), ": {goal}", later(". {worker} doet het")),
    ("track", "change_next_step"): (
        later("{who} sprak voor een spoor af"),
        ": {next_step}",
        later(", op {next_step_on}"),
    ),
    ("track", "add_note"): (later("{who} noteerde bij een spoor"), ": {note}"),
    ("track", "wait_for_other"): (later("{who} wacht met een spoor op een ander"), ": {waiting_for}"),
    ("track", "other_delivered"): (later("Waar een spoor op wachtte, is er"), ": {came_in}"),
    ("track", "hand_to"): (later("{who} gaf een spoor aan {worker}"),),
    ("track", "reach"): (later("{who} bereikte het doel van een spoor"), ": {result}"),
    ("track", "stop"): (later("{who} stopte een spoor"), ": {why}"),
    ("track", "remind"): (later("{who} herinnerde aan een spoor"),),
    ("escalation", "open"): (later("{who} schaalde op"), ": {question}", later(" Knelpunt: {barrier}")),
    ("escalation", "answer"): (later("{who} gaf antwoord op de opschaling"), ": {answer}"),
    ("escalation", "ask_back"): (later("{who} vroeg iets terug"), ": {question_back}"),
    ("escalation", "climb"): (later("Er kwam op tijd geen antwoord. De opschaling ging een trede hoger"),),
    ("escalation", "pass_up"): (later("{who} gaf de opschaling door, een trede hoger"), ": {why}"),
    ("escalation", "ask_again"): (later("{who} vroeg het opnieuw"), ": {why}"),
    ("escalation", "resolve"): (later("De opschaling is opgelost, zei {who}"), ": {result}"),
    ("escalation", "withdraw"): (later("{who} trok de opschaling in"), ": {why}"),
    ("escalation", "attach"): (later("{who} deed een bijlage bij de opschaling"), ": {attachment}"),
    ("mandate_request", "open"): (later("{who} schreef een mandaatverzoek"),),
    ("mandate_request", "ask"): (later("{who} vroeg om mandaat"),),
    ("mandate_request", "approve"): (later("{who} keurde het mandaatverzoek goed"), ": {answer}"),
    ("mandate_request", "amend"): (later("{who} keurde het mandaatverzoek anders goed"), ": {conditions}"),
    ("mandate_request", "refuse"): (later("{who} weigerde het mandaatverzoek"), ": {answer}"),
    ("mandate_request", "carry_out"): (later("{who} nam het besluit op het mandaat"),),
    ("appointment", "open"): (
        later("{who} maakte een afspraak op {on_day} om {at_time}"),
        later(" met {with_whom}"),
        later(", voor: {what_for}"),
        later(". {goer} gaat"),
    ),
    ("appointment", "move"): (later("{who} verzette een afspraak naar {on_day} om {at_time}"),),
    ("appointment", "keep"): (later("De afspraak ging door, vertelde {who}"), ": {how_it_went}"),
    ("appointment", "miss"): (later("De afspraak ging niet door, vertelde {who}"), ": {why}"),
    ("appointment", "cancel"): (later("{who} zei een afspraak af"), ": {why}"),
    ("appointment", "remind"): (later("{who} vroeg of een afspraak doorging"),),
    ("appointment", "end_with_case"): (later("Een afspraak verviel, want de casus is gesloten"),),
    ("case_file", "open"): (later("{who} voegde een document toe: {file_name}"), " ({why})"),
    ("case_file", "remove"): (later("{who} haalde een document weg"), ": {why_not}"),
    ("approach", "open"): (later("{who} schreef op wat is geprobeerd"), ": {what}"),
    ("approach", "continue"): (later("{who} gaat door met een aanpak"), ": {why}"),
    ("approach", "stop"): (later("{who} stopte een aanpak"), ": {why}"),
    ("quote", "open"): (later("{who} schreef een zin op voor het verslag"),),
    ("quote", "change"): (later("{who} veranderde een zin voor het verslag"),),
    ("quote", "release"): (later("{who} gaf een zin vrij voor het verslag"),),
    ("quote", "take_back"): (later("{who} nam een zin voor het verslag terug"),),
    ("resident", "open"): (
        later("{who} voegde {name} toe aan het huishouden"),
        ", {role}",
        later(". Woont hier sinds {lived_since}"),
        later(". Woont hier een deel van de tijd: {part_of_time}"),
    ),
    ("resident", "change"): (later("{who} verbeterde de gegevens van {name}"),),
    ("resident", "leave"): (later("{about} woont hier niet meer sinds {left_on}"), later(". Waarheen: {where_to}")),
    ("resident", "come_back"): (later("{about} woont hier weer sinds {lived_since}"),),
    ("resident", "remove"): (later("{who} verwijderde een bewoner"), ": {why}"),
    ("helper", "open"): (later("{name} helpt: {does_what}"), " ({organisation})", later(". {who} voegde dit toe")),
    ("helper", "change"): (later("{who} verbeterde de gegevens van {name}"),),
    ("helper", "stop"): (later("{about} helpt niet meer sinds {until}"), ": {why}"),
    ("helper", "start_again"): (later("{about} helpt weer sinds {since}"),),
    ("helper", "remove"): (later("{who} verwijderde een hulp"), ": {why}"),
    ("relation", "open"): ("{about}", later(", sinds {since}")),
    ("relation", "end"): (later("Dit is voorbij sinds {ended_on}: {about}"), ". {how_ended}"),
    ("relation", "remove"): (later("{who} verwijderde een relatie"), ": {why}"),
    ("letter", "open"): (later("Er kwam een brief bij een besluit"),),
    ("letter", "send"): (later("{who} verstuurde de brief van een besluit"),),
    ("guest_access", "open"): (later("{who} deelde de casus met {guest}"), later(", tot en met {last_day}")),
    ("guest_access", "stop"): (later("{who} stopte met delen"), ": {why}"),
}
"""By kind of subject and step."""


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        raise _Unsaid(key)


class _Unsaid(KeyError):
    """Something that was not filled in."""


def sentence(kind: str, name: str, title: str, said: Mapping[str, str]) -> str:
    """What happened, in one or two sentences; `said` is what was filled in, in words, with `who` and maybe `about`.

    Without a sentence of its own it is the title of the step, and what was filled in after it.
    """
    parts = SENTENCES.get((kind, name))
    known = _Known({key: " ".join(value.split()) for key, value in said.items() if value})
    if parts is None:
        filled_in = [value for key, value in known.items() if key not in ("who", "about")]
        return _full_stop(f"{known.get('who', _(CLOCK))}: {'. '.join([title, *filled_in])}")
    told = ""
    for number, part in enumerate(parts):
        try:
            told += _(part).format_map(known)
        except _Unsaid:
            if number == 0:
                return _full_stop(f"{known.get('who', _(CLOCK))}: {title}")
    return _full_stop(told)


def _full_stop(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
