"""How the figures of a what-if are called, and what each counts."""

from wijkteam.engine.definition import Text


def _text(nl: str, en: str) -> Text:
    return Text(nl=nl, en=en)


SHARE = _text("als deel van wat de frontlijn had besloten", "as a share of what the front line would have decided")
LOW = _text("dat deel is met 95% zekerheid minstens", "that share is with 95% certainty at least")
HIGH = _text("en hoogstens", "and at most")
SUM = _text("bedragen samen", "amounts together")
MIDDLE = _text("middelste bedrag", "median amount")

TITLES = {
    "front_line": _text("Had de frontlijn zelf besloten", "The front line would have decided itself"),
    "front_line_share": _text("als deel van alle verzoeken", "as a share of all requests"),
    "front_line_amount": SUM,
    "spared": _text("Dagen wachten minder, samen", "Days of waiting spared, together"),
    "spared_share": _text("als deel van al het wachten", "as a share of all waiting"),
    "spared_median": _text("per verzoek: de helft wachtte hooguit", "per request: half waited at most"),
    "spared_p10": _text("1 op de 10 wachtte hooguit", "1 in 10 waited at most"),
    "spared_p25": _text("1 op de 4 wachtte hooguit", "1 in 4 waited at most"),
    "spared_p75": _text("3 op de 4 wachtten hooguit", "3 in 4 waited at most"),
    "spared_p90": _text("9 op de 10 wachtten hooguit", "9 in 10 waited at most"),
    "spared_granted": _text("waarvan bij verzoeken die een ja kregen", "of which with requests that were granted"),
    "spared_through": _text(
        "van eerste vraag tot laatste antwoord (ook de tijd bij de vrager)",
        "from first asking to last answer (with the time at the asker)",
    ),
    "steps": _text("Stappen van beslissers en meekijkers minder", "Steps of approvers spared"),
    "steps_hours": _text("in uren", "in hours"),
    "steps_worth": _text("in geld", "in money"),
    "refused_ever": _text("Ten minste 1 keer geweigerd", "Refused at least once"),
    "refused_ever_share": SHARE,
    "refused_ever_low": LOW,
    "refused_ever_high": HIGH,
    "refused_ever_amount": SUM,
    "refused_ever_amount_median": MIDDLE,
    "refused_of_all": _text("als deel van alles wat is geweigerd", "as a share of all that was refused"),
    "refused_then_granted": _text(
        "Eerst geweigerd, na aanpassen goedgekeurd", "Refused first, granted after asking again"
    ),
    "refused_then_granted_share": SHARE,
    "refused_then_granted_low": LOW,
    "refused_then_granted_high": HIGH,
    "refused_then_granted_amount": SUM,
    "refused_then_granted_amount_median": MIDDLE,
    "refused_for_good": _text("Geweigerd en dat gebleven", "Refused for good"),
    "refused_for_good_share": SHARE,
    "refused_for_good_low": LOW,
    "refused_for_good_high": HIGH,
    "refused_for_good_amount": SUM,
    "refused_for_good_amount_median": MIDDLE,
    "changed": _text("Anders goedgekeurd dan gevraagd", "Granted with a change"),
    "changed_share": SHARE,
    "changed_low": LOW,
    "changed_high": HIGH,
    "changed_amount": SUM,
    "changed_amount_median": MIDDLE,
    "lowered_by": _text("zoveel is van bedragen afgehaald", "so much was taken off amounts"),
    "as_asked": _text("Goedgekeurd zoals gevraagd", "Granted as asked"),
    "withdrawn": _text("Teruggenomen voor er een antwoord was", "Taken back before an answer"),
    "open": _text("Wacht nog op antwoord", "Still waits for an answer"),
    "still_asked": _text("Moet ook dan gevraagd worden", "Would still have to be asked"),
    "unplaced": _text("Bedrag niet bekend: valt niet in te delen", "Amount not known: cannot be placed"),
    "unplaced_refused": _text("waarvan ten minste 1 keer geweigerd", "of which refused at least once"),
    "refused_at_most": _text(
        "deel geweigerd, als die allemaal onder het plafond vielen",
        "share refused, if all of those lay under the ceiling",
    ),
    "allowed_already": _text("Mocht de vrager al zelf besluiten", "The asker could have decided already"),
    "with_colleagues": _text("Alleen met instemming van collega's", "Only with colleagues who agree"),
    "deviating": _text(
        "Zelf besloten, met stappen in het logboek die niet meetellen",
        "Decided in the front line, with steps in the log that are left out",
    ),
    "unknown_wait": _text("waarvan niet bekend is hoe lang dat duurt", "of which it is not known how long that takes"),
}

SHORT = {
    "front_line": _text("Zelf besloten", "Decided itself"),
    "spared": _text("Dagen wachten minder", "Days of waiting spared"),
    "spared_median": _text("Helft wachtte hooguit (dagen)", "Half waited at most (days)"),
    "steps_worth": _text("Tijd van beslissers", "Time of approvers"),
    "refused_ever": _text("Ten minste 1 keer geweigerd", "Refused at least once"),
    "refused_ever_amount": _text("Bedrag daarvan", "Amount of those"),
    "lowered_by": _text("Van bedragen afgehaald", "Taken off amounts"),
}
"""Gain and price at a glance, as column titles: first what it brings, then what it costs."""
