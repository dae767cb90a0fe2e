"""Pages for residents, without account: giving a signal, following it with a code, and what one may expect.

They set no cookie and need no script. A code comes in the body of a form, never in an address, so that no log or other
page gets to see it. Whatever is wrong with a code, the answer is the same.
"""

import re
from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, abort, current_app, render_template, request
from markupsafe import Markup

from wijkteam.cases import queries as cases
from wijkteam.engine.fields import CONTROL_SIGNS, LONGEST_LINE, WrongFields
from wijkteam.engine.running import Refused, Stale
from wijkteam.signals.codes import LONGEST_TYPED
from wijkteam.signals.following import Telling, follow
from wijkteam.signals.languages import Language
from wijkteam.signals.public_tries import TooMany, let_follow, let_give, was_right
from wijkteam.signals.service import (
    LONGEST_WORDS,
    AlreadyReceived,
    GivenSignal,
    give_signal,
    open_with_code,
    resident_step,
)
from wijkteam.terms import clock
from wijkteam.web.acting import house, reading, work
from wijkteam.web.public_forms import (
    FORM,
    PASS,
    comes_from_elsewhere,
    follow_pass,
    form_mark,
    read_mark,
    sender,
)

pages = Blueprint("public_signals", __name__, url_prefix="/signaal")
Answer = str | tuple[str, int]
FIRST = "nl"
WRONG, TOO_MANY, ALREADY = 422, 429, 409
LINES = ("about_whom", "resident", "contact")


def _languages() -> dict[str, Language]:
    known = house().languages
    if house().signal_table.unchecked_shown:
        return known
    return {code: each for code, each in known.items() if each.checked}


def _language(code: str) -> Language:
    return _languages().get(code) or abort(404)


NUMBER = re.compile(r"(\d[\d\- ]*\d)")


@pages.app_template_filter("left_to_right")
def left_to_right(text: str) -> Markup:
    """Numbers kept apart from the words around them: in Arabic 0800-2000 would stand there the other way round."""
    parts = NUMBER.split(text)
    return Markup("").join(
        Markup('<bdi dir="ltr">{}</bdi>').format(each) if number % 2 else each for number, each in enumerate(parts)
    )


def _render(template: str, language: Language, **shown: object) -> str:
    return render_template(f"public/{template}", language=language, languages=_languages(), t=language.pages, **shown)


@pages.route("/", methods=["GET", "POST"], strict_slashes=False)
@pages.route("/<code>", methods=["GET", "POST"])
def give(code: str = FIRST) -> Answer:
    """Give a signal: two fields that must be there and one that may."""
    language = _language(code)
    if request.method == "GET":
        return _form(language)
    limits = house().signal_table.limits
    mark = read_mark(FORM, request.form.get("mark", ""), timedelta(hours=limits.form_hours))
    if mark is None or comes_from_elsewhere():
        return _form(language, message=language.pages["expired"]), WRONG
    mistakes = _mistakes(language, request.form)
    if mistakes:
        return _form(language, mistakes, mark=request.form["mark"]), WRONG
    if request.form.get("website"):
        return _form(language, message=language.pages["not_empty"], mark=request.form["mark"]), WRONG
    if mark.age < timedelta(seconds=limits.least_seconds):
        return _form(language, message=language.pages["too_quick"], mark=request.form["mark"]), WRONG
    return _take_in(language, mark.subject_id)


def _take_in(language: Language, subject_id: str) -> Answer:
    typed = {name: request.form.get(name, "").strip() for name in ("kind", "words", "place", *LINES)}
    try:
        let_give(work(), sender(), house().signal_table.limits)
        received = give_signal(
            work(), GivenSignal(**typed, language=language.language), house().signal_table, subject_id
        )
    except TooMany as much:
        return _form(language, message=_minutes(language, much), mark=request.form["mark"]), TOO_MANY
    except AlreadyReceived:
        return _render(
            "message.html", language, title=language.pages["received"], text=language.pages["already"]
        ), ALREADY
    except WrongFields as wrong:
        return _form(language, dict.fromkeys(wrong.mistakes, language.pages["wrong"])), WRONG
    today = language.day(clock.today())
    return _render(
        "received.html", language, code=received.code, text=language.pages["received_text"].replace("{day}", today)
    )


def _mistakes(language: Language, typed: Mapping[str, str]) -> dict[str, str]:
    pages_of = language.pages
    found = {}
    if typed.get("kind", "") not in house().signal_table.kinds:
        found["kind"] = pages_of["choose"]
    if not typed.get("words", "").strip():
        found["words"] = pages_of["fill_in"]
    if typed.get("place") and cases.buurt(reading(), typed["place"]) is None:
        found["place"] = pages_of["choose"]
    for name in ("words", *LINES):
        most = LONGEST_WORDS if name == "words" else LONGEST_LINE
        text = typed.get(name, "").replace("\r\n", "\n")
        if len(text) > most:
            found[name] = pages_of["too_long"].replace("{most}", str(most))
        elif CONTROL_SIGNS.search(text):
            found[name] = pages_of["wrong"]
    return found


def _form(language: Language, mistakes: Mapping[str, str] | None = None, message: str = "", mark: str = "") -> str:
    kinds = [(each, language.kinds[each]) for each in house().signal_table.kinds if each in language.kinds]
    return _render(
        "give.html",
        language,
        kinds=kinds,
        places=_places(),
        typed=request.form,
        mistakes=mistakes or {},
        message=message,
        mark=mark or form_mark(),
        most=LONGEST_WORDS,
        line=LONGEST_LINE,
        sends_mail=current_app.extensions["sends_mail"],
    )


def _places() -> list[tuple[str, list[tuple[str, str]]]]:
    """The buurten to choose from, by wijk: tables that everybody may read."""
    session = reading()
    by_wijk: dict[str, list[tuple[str, str]]] = {}
    for buurt in cases.buurten(session):
        by_wijk.setdefault(buurt.wijk_code, []).append((buurt.code, buurt.name))
    named = {wijk.code: wijk.name for wijk in cases.wijken(session)}
    return sorted((named.get(code, code), sorted(found, key=lambda each: each[1])) for code, found in by_wijk.items())


def _minutes(language: Language, much: TooMany) -> str:
    return language.pages["too_many"].replace("{minutes}", str(much.minutes))


@pages.route("/volgen", methods=["GET", "POST"])
@pages.route("/<code>/volgen", methods=["GET", "POST"])
def following(code: str = FIRST) -> Answer:
    """Ask for the code, and show what it follows."""
    language = _language(code)
    if request.method == "GET":
        return _ask_code(language)
    if comes_from_elsewhere():
        return _ask_code(language, language.pages["expired_code"]), WRONG
    try:
        tried = let_follow(work(), sender(), house().signal_table.limits)
    except TooMany as much:
        return _ask_code(language, _minutes(language, much)), TOO_MANY
    found = open_with_code(work(), request.form.get("signaalcode", ""))
    if found is None:
        return _ask_code(language, language.pages["unknown_code"]), WRONG
    was_right(work(), tried)
    return _show(language, *found)


@pages.post("/<code>/volgen/<transition>")
def act(code: str, transition: str) -> Answer:
    """The resident answers, says that it does not help, judges or withdraws."""
    language = _language(code)
    limits = house().signal_table.limits
    mark = read_mark(PASS, request.form.get("mark", ""), timedelta(minutes=limits.follow_minutes))
    if mark is None or comes_from_elsewhere():
        return _ask_code(language, language.pages["expired_code"]), WRONG
    if transition not in language.steps[mark.kind]:
        abort(404)
    tried = {"transition": transition}
    given = {name: value for name, value in request.form.items() if name not in ("mark", "version") and value.strip()}
    try:
        let_give(work(), sender(), limits)
        resident_step(work(), mark.kind, mark.subject_id, transition, given, request.form.get("version", type=int))
    except LookupError:
        return _ask_code(language, language.pages["unknown_code"]), WRONG
    except TooMany as much:
        return _show(language, mark.kind, mark.subject_id, _minutes(language, much), tried), TOO_MANY
    except WrongFields as wrong:
        mistakes = {name: _mistake(language, request.form.get(name, "")) for name in wrong.mistakes}
        return _show(language, mark.kind, mark.subject_id, "", tried, mistakes), WRONG
    except Stale:
        return _show(language, mark.kind, mark.subject_id, language.pages["changed"], tried), ALREADY
    except Refused:
        return _show(language, mark.kind, mark.subject_id, language.pages["cannot_now"], tried), WRONG
    return _show(language, mark.kind, mark.subject_id, done=True)


def _mistake(language: Language, typed: str) -> str:
    if not typed.strip():
        return language.pages["fill_in"]
    if len(typed) > LONGEST_WORDS:
        return language.pages["too_long"].replace("{most}", str(LONGEST_WORDS))
    return language.pages["wrong"]


def _show(
    language: Language,
    kind: str,
    subject_id: str,
    message: str = "",
    tried: Mapping[str, str] | None = None,
    mistakes: Mapping[str, str] | None = None,
    done: bool = False,
) -> str:
    telling = Telling(language, house().signal_table, house().ladder)
    followed = follow(work(), telling, kind, subject_id)
    return _render(
        "followed.html",
        language,
        followed=followed,
        mark=follow_pass(kind, subject_id),
        message=message,
        tried=(tried or {}).get("transition", ""),
        typed=request.form if tried else {},
        mistakes=mistakes or {},
        done=done,
        most=LONGEST_WORDS,
    )


def _ask_code(language: Language, message: str = "") -> str:
    return _render("follow.html", language, message=message, most=LONGEST_TYPED)


@pages.get("/rechten")
@pages.get("/<code>/rechten")
def rights(code: str = FIRST) -> str:
    """What one may expect, and what is asked of one."""
    return _render("rights.html", _language(code))
