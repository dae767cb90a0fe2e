"""Finding people by what they can and want to help with, whatever service or organisation they work for."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.people.offering import Offer, helpers, keep_offer, offer_of
from wijkteam.search.queries import find_people
from wijkteam.suggesting.words import words_in
from wijkteam.web.acting import Attempt, attempt, house, reading, work
from wijkteam.web.language import language
from wijkteam.web.showing import list_titles

pages = Blueprint("people_finding", __name__)
LONGEST = 300
LONG_ENOUGH = 5
"""Words of titles shorter than this (en, and, use, of) say nothing."""


@pages.get("/mensen-vinden")
@login_required
def page() -> str:
    """People by words, name, language or life domain; nobody is left out for the service they work for."""
    session, domains = reading(), list_titles("life_domains")
    typed = " ".join(request.args.get("q", "").split())[:LONGEST]
    domain = request.args.get("leefgebied", "")
    domain = domain if domain in domains else ""
    found = helpers(session, find_people(session, typed, domain_words()) if typed else None, domain, language())
    if not typed and not domain:
        found = [each for each in found if each.offer is not None]
    mine = offer_of(session, work().actor.person_id)
    return render_template("people_finding.html", typed=typed, domain=domain, domains=domains, found=found, mine=mine)


def domain_words() -> dict[str, list[str]]:
    """By which words each life domain is recognised: those of the word list, and its own titles."""
    titles = house().lists["life_domains"].items
    return {
        code: [*house().words["life_domains"].get(code, ()), *_telling(f"{title.nl} {title.en}")]
        for code, title in titles.items()
    }


def _telling(title: str) -> list[str]:
    return [f"={each}" for each in words_in(title) if len(each) >= LONG_ENOUGH]


@pages.route("/mijn-aanbod", methods=["GET", "POST"])
@login_required
def mine() -> str | Response | tuple[str, int]:
    """What I can and want to help with, as I write it myself."""
    domains, tried = list_titles("life_domains"), Attempt()
    if request.method == "POST":
        chosen = request.form.getlist("life_domains")

        def act(given: dict[str, str]) -> None:
            offer = Offer(given.get("words", ""), chosen, given.get("languages", ""), given.get("reach", ""))
            keep_offer(work(), offer, domains)

        refused = attempt("offer", act)
        if refused is None:
            return redirect(url_for("people_finding.page"))
        tried = refused
    kept = offer_of(reading(), work().actor.person_id)
    said = {name: getattr(kept, name) for name in ("words", "languages", "reach")} if kept is not None else {}
    ticked = kept.life_domains.split() if kept is not None else []
    if tried.transition:
        said, ticked = dict(tried.given), request.form.getlist("life_domains")
    shown = render_template("my_offer.html", said=said, ticked=ticked, domains=domains, tried=tried)
    return (shown, 422) if tried.transition else shown
