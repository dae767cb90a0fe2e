"""What comes in and what goes out for good: imports, destruction, and the whole file of a resident."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from flask import Response
from pydantic import Field

from wijkteam.api_access.service import MANAGE
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.vocabulary import Reason
from wijkteam.importing import queries, service
from wijkteam.importing.checking import Checked
from wijkteam.importing.columns import KINDS, WORKBOOK
from wijkteam.importing.reading import LARGEST_FILE
from wijkteam.importing.template import MEDIA_TYPE, template
from wijkteam.retention.model import LISTED
from wijkteam.retention.selecting import may_be_destroyed
from wijkteam.retention.service import carry_out, draw_up_list
from wijkteam.retention.whole_file import WholeFile
from wijkteam.terms import clock
from wijkteam.web import importing
from wijkteam.web.acting import house, over_all, work
from wijkteam.web.api.bodies_as_models import At, Line, Sent, Told, Words
from wijkteam.web.api.deeds import Deed, file
from wijkteam.web.api.kinds import BY_NAME
from wijkteam.web.api.problems import Problem
from wijkteam.web.importing import AROUND_A_FILE, check_may_import, found_import
from wijkteam.web.language import _, language, later
from wijkteam.web.retention import AT_ONCE, check_may_see, readable_list
from wijkteam.web.whole_file import are_numbers, as_zip_file, gather, to_hand_over

FILE_TOLD_ONCE = later(
    "Dit bestand is onder dit nummer al gemaakt. Het wordt niet bewaard. Wilt u het nog eens? Stuur een ander nummer."
)
NOT_SURE = Reason("Vink eerst aan dat u het zeker weet.", "First say that you are sure.")
NUMBERS = Reason("Schrijf nummers zoals T4 T12.", "Write numbers such as T4 T12.")


class FileSent(Sent):
    """What the file is called, and what stands in it: one kind of rows, or a workbook with all."""

    name: Line
    what: Annotated[str, Field(json_schema_extra={"enum": sorted((*KINDS, WORKBOOK))})]


class ListedRow(Told):
    """A row that asks attention, and why."""

    sheet: str
    row: int
    outcome: str
    why: str


class Import(Told):
    """One file that came in, or waits to."""

    id: str
    name: str
    what: str
    state: str
    rows: int
    begun_by: int
    begun_at: At
    ended_at: At | None
    undone_by: int | None
    undone_at: At | None
    undone_why: str | None


class Imports(Told):
    """All of them, the newest first."""

    items: list[Import]


class OneImport(Told):
    """One file, and what became of its rows."""

    file: Import
    became: dict[str, dict[str, int]]
    failed: list[ListedRow]
    kept: list[ListedRow]


class Why(Sent):
    """Why."""

    why: Words | None = None


class Sure(Sent):
    """Said to be sure."""

    sure: bool


class Destruction(Told):
    """How many records are over their term today."""

    over_their_term: int


class Item(Told):
    """One record on a list; it names no person and no household."""

    subject_kind: str
    subject_id: str
    rule: str
    law: str
    state: str
    reason: str | None


class Items(Told):
    """What stands on a list."""

    items: list[Item]


class Left(Told):
    """How many records of the list are still to be destroyed."""

    left: int


class Handing(Sent):
    """Texts that are left out by number, and whether somebody looked it through."""

    leave_out: tuple[Line, ...] = ()
    checked: bool = False


def _may_import(**_path: str) -> None:
    check_may_import()


def _imports() -> Imports:
    return Imports(items=[Import.model_validate(each) for each in over_all(queries.imports)])


def _checked(given: FileSent, content: bytes, **_made: str) -> Checked:
    if given.what not in (*KINDS, WORKBOOK):
        raise WrongFields.of("what", "Kies wat er in het bestand staat.", "Choose what stands in the file.")
    checked = service.look_at(work(), importing.tools(), content, given.what)
    if checked.mistakes:
        shown = checked.mistakes[: importing.MOST_SHOWN]
        wrong = [{"field": "file", "detail": each.line(language())} for each in shown]
        raise Problem(422, _("Niet alles is goed ingevuld."), errors=wrong)
    return checked


def _keep(given: FileSent, content: bytes, ready: Checked, made: str) -> OneImport:
    return _one(service.keep_for_later(work(), importing.tools(), ready, given.name, content, made).id)


def _kept(made: str, **_sent: Any) -> OneImport:
    return _one(made)


def _one(import_id: str) -> OneImport:
    shown = found_import(import_id)
    return OneImport(
        file=Import.model_validate(shown.of),
        became=shown.became,
        failed=[_listed(each) for each in shown.failed],
        kept=[_listed(each) for each in shown.kept],
    )


def _listed(row: queries.ListedRow) -> ListedRow:
    why = row.why_en if language() == "en" else row.why_nl
    return ListedRow(sheet=row.sheet, row=row.row, outcome=row.outcome, why=why)


def _step(act: Any, import_id: str, given: Why | None = None) -> OneImport:
    asked: Mapping[str, str] = given.as_filled_in() if given is not None else {}
    act(found_import(import_id).of, dict(asked))
    return _one(import_id)


def _template() -> Response:
    return file(template(language()), MEDIA_TYPE, "invoer.xlsx")


def _may_see(**_path: str) -> None:
    check_may_see()


def _destruction() -> Destruction:
    found = over_all(may_be_destroyed, work().engine, house().retention, clock.today())
    return Destruction(over_their_term=len(found))


def _draw_up(made: str) -> Any:
    return draw_up_list(work(), house().retention, made)


def _is_readable(list_id: str) -> None:
    readable_list(list_id)


def _items(list_id: str) -> Items:
    return Items(items=[Item.model_validate(each) for each in readable_list(list_id).items])


def _carry_out(given: Sure, list_id: str) -> Left:
    if not given.sure:
        raise WrongFields({"sure": NOT_SURE})
    carry_out(work(), house().retention, list_id, AT_ONCE)
    return Left(left=sum(each.state == LISTED for each in readable_list(list_id).items))


def _can_be_handed_over(case_id: str) -> None:
    to_hand_over(case_id)


def _gather(given: Handing, case_id: str) -> WholeFile:
    case, ground = to_hand_over(case_id)
    left_out = frozenset(given.leave_out)
    if not are_numbers(left_out):
        raise WrongFields({"leave_out": NUMBERS})
    return gather(case, ground, left_out, given.checked)


def _of_imports(name: str, method: str, path: str, title: str, act: Any, **more: Any) -> Deed:
    usual: dict[str, Any] = {"scope": MANAGE, "great": True, "first": _may_import, "numbered": False}
    return Deed(name, method, f"/imports{path}", title, act, **{**usual, **more})


DEEDS = (
    _of_imports("imports", "GET", "", "Files that came in", _imports, tells=Imports),
    _of_imports(
        "import_look",
        "POST",
        "",
        "Look at a file; without mistakes it waits until it is let in",
        _keep,
        prepare=_checked,
        again=_kept,
        numbered=True,
        sends=FileSent,
        tells=OneImport,
        takes_file=True,
        largest=LARGEST_FILE + AROUND_A_FILE,
    ),
    _of_imports("import_template", "GET", "/template", "An empty workbook", _template, tells=MEDIA_TYPE, great=False),
    _of_imports("import_one", "GET", "/{importId}", "One file", _one, tells=OneImport, great=False),
    _of_imports(
        "import_come_in",
        "POST",
        "/{importId}/come-in",
        "Let its rows come in, or go on with that",
        partial(_step, importing.come_in),
        tells=OneImport,
    ),
    _of_imports(
        "import_put_away",
        "POST",
        "/{importId}/put-away",
        "Put away a file that waits",
        partial(_step, importing.put_away),
        tells=OneImport,
    ),
    _of_imports(
        "import_undo",
        "POST",
        "/{importId}/undo",
        "Undo what came in, or go on with that",
        partial(_step, importing.undo),
        sends=Why,
        tells=OneImport,
    ),
    Deed(
        "destruction",
        "GET",
        "/destruction",
        "How many records are over their term",
        _destruction,
        tells=Destruction,
        scope=MANAGE,
        first=_may_see,
    ),
    Deed(
        "destruction_list_new",
        "POST",
        "/destruction-lists",
        "Draw up a list of everything that is over its term",
        _draw_up,
        tells=BY_NAME["destruction_list"],
        scope=MANAGE,
        first=_may_see,
    ),
    Deed(
        "destruction_list_items",
        "GET",
        "/destruction-lists/{listId}/items",
        "What stands on a list",
        _items,
        tells=Items,
        scope=MANAGE,
    ),
    Deed(
        "destruction_list_carry_out",
        "POST",
        "/destruction-lists/{listId}/carry-out",
        "Destroy a part of a signed list; again until nothing is left",
        _carry_out,
        Sure,
        Left,
        MANAGE,
        great=True,
        first=_is_readable,
        numbered=False,
    ),
    Deed(
        "whole_file",
        "POST",
        "/cases/{caseId}/whole-file",
        "The whole file of a household (AVG art. 15), as ZIP; logged as a reading of each of its cases",
        _gather,
        Handing,
        "application/zip",
        great=True,
        first=_can_be_handed_over,
        finish=as_zip_file,
        told_once=FILE_TOLD_ONCE,
    ),
)
