"""Steps as sentences: what happened in a case, told as one would tell a colleague.

A sentence is parts in a row. A part that names something that was not filled in is left out; the first part always
stands. `{who}` is who did it. A step without a sentence here is told by its own title.
"""

from collections.abc import Mapping

Parts = tuple[str, ...]
CLOCK = "Het systeem"

SENTENCES: Mapping[tuple[str, str], Parts] = {
    ("household_case", "open"): ("{who} opende de casus", ": {what_is_going_on}"),
    ("household_case", "found_safe"): ("{who} keek of iedereen veilig is. Het is veilig genoeg", ": {safety}"),
    ("household_case", "found_unsafe"): ("{who} zag dat het niet veilig is", ": {safety}"),
    ("household_case", "made_safe"): ("{who} zag dat het weer veilig genoeg is", ": {safety}"),
    ("household_case", "question_is_clear"): ("De vraag is nu helder, noteerde {who}", ": {question}"),
    ("household_case", "plan_is_agreed"): ("Het plan staat. {who} schreef het op", ": {plan}"),
    ("household_case", "evaluate"): ("{who} keek terug met het huishouden", ": {how_it_goes}"),
    ("household_case", "go_on"): ("{who} gaat door met het plan",),
    ("household_case", "finish"): ("{who} rondde de casus af", ": {outcome}", ". Waardoor: {outcome_reason}"),
    ("household_case", "take_up_again"): ("{who} pakte de casus weer op", ": {how_it_goes}"),
    ("household_case", "close"): ("{who} sloot de casus", ": {how_it_goes}"),
    ("household_case", "stop_early"): ("{who} stopte de casus eerder", ": {outcome_reason}"),
    ("household_case", "change_next_step"): (
        "{who} sprak een volgende stap af",
        ": {next_step}",
        ", op {next_step_on}",
        ", door {next_step_by}",
    ),
    ("household_case", "add_note"): ("{who} noteerde", " ({contact_kind})", ": {note}"),
    ("household_case", "decide"): ("{who} besloot zelf: {power}", ", {amount}", ". Waarom: {motivation}"),
    ("household_case", "wait_for_other"): ("{who} wacht op een ander", ": {waiting_for}"),
    ("household_case", "other_delivered"): ("Waar {who} op wachtte, is er", ": {came_in}"),
    ("household_case", "lose_contact"): ("{who} heeft geen contact meer", ". Geprobeerd is: {contact_tried}"),
    ("household_case", "regain_contact"): ("{who} heeft weer contact", ": {contact_regained}"),
    ("household_case", "hand_over"): ("{who} vroeg {new_owner} om de casus over te nemen", ": {handover}"),
    ("household_case", "accept_transfer"): ("{who} nam de casus over",),
    ("household_case", "decline_transfer"): ("De casus blijft bij wie hem had, zei {who}", ": {why_not}"),
    ("household_case", "tracks_ended"): ("Alle sporen zijn klaar",),
    ("household_case", "remind"): ("{who} herinnerde aan de termijn van deze stand",),
    ("household_case", "protect"): ("{who} schermde de casus af",),
    ("household_case", "unprotect"): ("{who} haalde de afscherming weg",),
    ("household_case", "name_reader"): ("{who} liet {reader} meelezen",),
    ("household_case", "remove_reader"): ("{who} laat {reader} niet meer meelezen",),
    ("track", "open"): ("{who} begon een spoor over {life_domain}", ": {goal}", ". {worker} doet het"),
    ("track", "change_next_step"): ("{who} sprak voor een spoor af", ": {next_step}", ", op {next_step_on}"),
    ("track", "add_note"): ("{who} noteerde bij een spoor", ": {note}"),
    ("track", "wait_for_other"): ("{who} wacht met een spoor op een ander", ": {waiting_for}"),
    ("track", "other_delivered"): ("Waar een spoor op wachtte, is er", ": {came_in}"),
    ("track", "hand_to"): ("{who} gaf een spoor aan {worker}",),
    ("track", "reach"): ("{who} bereikte het doel van een spoor", ": {result}"),
    ("track", "stop"): ("{who} stopte een spoor", ": {why}"),
    ("track", "remind"): ("{who} herinnerde aan een spoor",),
    ("escalation", "open"): ("{who} schaalde op", ": {question}", " Knelpunt: {barrier}"),
    ("escalation", "answer"): ("{who} gaf antwoord op de opschaling", ": {answer}"),
    ("escalation", "ask_back"): ("{who} vroeg iets terug", ": {question_back}"),
    ("escalation", "climb"): ("Er kwam op tijd geen antwoord. De opschaling ging een trede hoger",),
    ("escalation", "pass_up"): ("{who} gaf de opschaling door, een trede hoger", ": {why}"),
    ("escalation", "ask_again"): ("{who} vroeg het opnieuw", ": {why}"),
    ("escalation", "resolve"): ("De opschaling is opgelost, zei {who}", ": {result}"),
    ("escalation", "withdraw"): ("{who} trok de opschaling in", ": {why}"),
    ("escalation", "attach"): ("{who} deed een bijlage bij de opschaling", ": {attachment}"),
    ("mandate_request", "open"): ("{who} schreef een mandaatverzoek",),
    ("mandate_request", "ask"): ("{who} vroeg om mandaat",),
    ("mandate_request", "approve"): ("{who} keurde het mandaatverzoek goed", ": {answer}"),
    ("mandate_request", "amend"): ("{who} keurde het mandaatverzoek anders goed", ": {conditions}"),
    ("mandate_request", "refuse"): ("{who} weigerde het mandaatverzoek", ": {answer}"),
    ("mandate_request", "carry_out"): ("{who} nam het besluit op het mandaat",),
    ("appointment", "open"): (
        "{who} maakte een afspraak op {on_day} om {at_time}",
        " met {with_whom}",
        ", voor: {what_for}",
        ". {goer} gaat",
    ),
    ("appointment", "move"): ("{who} verzette een afspraak naar {on_day} om {at_time}",),
    ("appointment", "keep"): ("De afspraak ging door, vertelde {who}", ": {how_it_went}"),
    ("appointment", "miss"): ("De afspraak ging niet door, vertelde {who}", ": {why}"),
    ("appointment", "cancel"): ("{who} zei een afspraak af", ": {why}"),
    ("appointment", "remind"): ("{who} vroeg of een afspraak doorging",),
    ("appointment", "end_with_case"): ("Een afspraak verviel, want de casus is gesloten",),
    ("case_file", "open"): ("{who} voegde een document toe: {file_name}", " ({why})"),
    ("case_file", "remove"): ("{who} haalde een document weg", ": {why_not}"),
    ("quote", "open"): ("{who} schreef een zin op voor het verslag",),
    ("quote", "change"): ("{who} veranderde een zin voor het verslag",),
    ("quote", "release"): ("{who} gaf een zin vrij voor het verslag",),
    ("quote", "take_back"): ("{who} nam een zin voor het verslag terug",),
    ("resident", "open"): (
        "{who} voegde {name} toe aan het huishouden",
        ", {role}",
        ". Woont hier sinds {lived_since}",
        ". Woont hier een deel van de tijd: {part_of_time}",
    ),
    ("resident", "change"): ("{who} verbeterde de gegevens van {name}",),
    ("resident", "leave"): ("{about} woont hier niet meer sinds {left_on}", ". Waarheen: {where_to}"),
    ("resident", "come_back"): ("{about} woont hier weer sinds {lived_since}",),
    ("resident", "remove"): ("{who} verwijderde een bewoner", ": {why}"),
    ("helper", "open"): ("{name} helpt: {does_what}", " ({organisation})", ". {who} voegde dit toe"),
    ("helper", "change"): ("{who} verbeterde de gegevens van {name}",),
    ("helper", "stop"): ("{about} helpt niet meer sinds {until}", ": {why}"),
    ("helper", "start_again"): ("{about} helpt weer sinds {since}",),
    ("helper", "remove"): ("{who} verwijderde een hulp", ": {why}"),
    ("relation", "open"): ("{about}", ", sinds {since}"),
    ("relation", "end"): ("Dit is voorbij sinds {ended_on}: {about}", ". {how_ended}"),
    ("relation", "remove"): ("{who} verwijderde een relatie", ": {why}"),
    ("letter", "open"): ("Er kwam een brief bij een besluit",),
    ("letter", "send"): ("{who} verstuurde de brief van een besluit",),
    ("guest_access", "open"): ("{who} deelde de casus met {guest}", ", tot en met {last_day}"),
    ("guest_access", "stop"): ("{who} stopte met delen", ": {why}"),
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
        return _full_stop(f"{known.get('who', CLOCK)}: {'. '.join([title, *filled_in])}")
    told = ""
    for number, part in enumerate(parts):
        try:
            told += part.format_map(known)
        except _Unsaid:
            if number == 0:
                return _full_stop(f"{known.get('who', CLOCK)}: {title}")
    return _full_stop(told)


def _full_stop(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
