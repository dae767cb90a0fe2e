"""The data that stand beside the workflows (lists, ladders, tables, choices of the municipality) and reading them."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from wijkteam.access.reading_rules import ReadingRules as TeamReading
from wijkteam.access.rules import GlassTable, SharingTable
from wijkteam.area_figures.mapping import SHIPPED as AREA_FIGURES
from wijkteam.area_figures.mapping import AreaFiguresMapping
from wijkteam.caseload.rules import FILE as CASELOAD
from wijkteam.caseload.rules import CaseloadRule
from wijkteam.data_requests import grounds as refusals
from wijkteam.engine.forms import FILE as FORMS
from wijkteam.engine.forms import FormTable
from wijkteam.engine.ladder import CodeList, Ladder
from wijkteam.engine.loading import WrongDefinition, load_document
from wijkteam.engine.reading import read_document
from wijkteam.figures.costs import FILE as WAITING_COSTS
from wijkteam.figures.costs import WaitingCosts
from wijkteam.legal_terms.table import REASONS, LegalTable, unknown_reasons
from wijkteam.measuring import instrument as measuring
from wijkteam.reckoning import rates
from wijkteam.residents.legal_grounds import BsnGrounds
from wijkteam.retention import table as retention
from wijkteam.shipped import folder
from wijkteam.signals import table as signal_table
from wijkteam.signals.languages import Language, differences
from wijkteam.signing_in.policy import FILE as SIGN_IN_FILE
from wijkteam.signing_in.policy import SignInPolicy, read_policy
from wijkteam.terms import decrees, lengths
from wijkteam.terms.lengths import Length


def workflow_folders(own: Path | None = None) -> tuple[Path, ...]:
    """Where definitions stand: the municipality's own folder first when it has one, then the shipped ones."""
    shipped = folder("workflows")
    return (own, shipped) if own is not None else (shipped,)


def data_files(folders: Iterable[Path], kind: str) -> list[Path]:
    """The files of one kind (ladders, lists, mappings, registers); of two with one name the first folder's."""
    found: dict[str, Path] = {}
    for place in folders:
        for path in sorted((place / kind).glob("*.yaml")):
            found.setdefault(path.name, path)
    return [found[name] for name in sorted(found)]


def cost_file(folders: Iterable[Path]) -> Path:
    """Where it stands what an approver's time is worth."""
    return next(path for path in data_files(folders, "figures") if path.name == "approving.yaml")


def read_caseload(folders: Iterable[Path]) -> CaseloadRule:
    """By which rule a load is weighed. Raises WrongDefinition."""
    return load_document(next(path for path in data_files(folders, "figures") if path.name == CASELOAD), CaseloadRule)


def read_benefit(folders: Iterable[Path]) -> rates.BenefitTable:
    """What things cost society and who pays them. Raises WrongDefinition."""
    path = next(each for each in data_files(folders, "figures") if each.name == rates.FILE)
    return load_document(path, rates.BenefitTable)


def read_waiting_costs(folders: Iterable[Path]) -> WaitingCosts:
    """What waiting costs. Raises WrongDefinition."""
    return load_document(
        next(path for path in data_files(folders, "figures") if path.name == WAITING_COSTS), WaitingCosts
    )


def read_area_figures(folders: Iterable[Path]) -> AreaFiguresMapping:
    """Which published figures there are of areas, and which stand in the report. Raises WrongDefinition."""
    path = next(each for each in data_files(folders, "figures") if each.stem == AREA_FIGURES)
    return load_document(path, AreaFiguresMapping)


def read_forms(folders: Iterable[Path], kinds: Mapping[str, object]) -> FormTable:
    """Who requires what forms ask that no definition asks; it names these kinds of subjects. Raises WrongDefinition."""
    path = next(each for each in data_files(folders, "forms") if each.name == FORMS)
    table, document = load_document(path, FormTable), read_document(path)
    wrong = [
        document.finding(
            "unknown-name", ("forms", at, "of"), f"there is no definition '{name}'", "name one that there is"
        )
        for at, name in table.unknown_definitions(kinds)
    ]
    if wrong:
        raise WrongDefinition(wrong)
    return table


def read_sign_in_policy(folders: Iterable[Path]) -> SignInPolicy:
    """Who has to prove what to sign in. Raises WrongDefinition."""
    places = tuple(folders)
    path = next(each for each in data_files(places, "access") if each.name == SIGN_IN_FILE)
    return read_policy(path, read_lists(places)["functions"].items)


def read_reading_rules(folders: Iterable[Path]) -> TeamReading:
    """What the municipality decided about reading. Raises WrongDefinition."""
    found = (path for path in data_files(folders, "access") if path.name == "reading.yaml")
    return load_document(next(found), TeamReading)


def read_lists(folders: Iterable[Path]) -> dict[str, CodeList]:
    """All code lists by name. Raises WrongDefinition."""
    files = data_files(folders, "lists")
    found = {each.list: each for each in (load_document(path, CodeList) for path in files)}
    _check_there(files, "list", found, ("barriers", "bodies", "functions", "powers", "remedies", "reserved_cases"))
    return found


def read_legal_table(folders: Iterable[Path]) -> LegalTable:
    """The table of legal terms; from here on its folders also say how long they are and which days are no term ends.

    Raises WrongDefinition.
    """
    places = tuple(folders)
    files = {path.name: path for path in data_files(places, "terms")}
    table = load_document(files["legal.yaml"], LegalTable)
    document = read_document(files["legal.yaml"])
    wrong = [
        document.finding(
            "unknown-name",
            ("legal_terms", number, "suspension"),
            f"there is no reason '{reason}' in the list {REASONS}",
            "name one of the list",
        )
        for number, reason in unknown_reasons(table, read_lists(places)[REASONS])
    ]
    if wrong:
        raise WrongDefinition(wrong)
    lengths.recognise(
        Length(row.code, row.within, row.extension.by if row.extension else None, row.valid_from, row.valid_until)
        for row in table.legal_terms
        if row.within is not None
    )
    decrees.recognise(load_document(files[decrees.FILE], decrees.EquatedDays).decrees)
    return table


def read_bsn_grounds(folders: Iterable[Path]) -> BsnGrounds:
    """On which grounds a BSN may be recorded. Raises WrongDefinition."""
    files = {path.name: path for path in data_files(folders, "access")}
    return load_document(files["bsn_grounds.yaml"], BsnGrounds)


def read_retention(folders: Iterable[Path]) -> retention.RetentionTable:
    """The table of how long records are kept. Raises WrongDefinition."""
    places = tuple(folders)
    path = next(each for each in data_files(places, retention.FOLDER) if each.name == retention.FILE)
    table, document, lists = load_document(path, retention.RetentionTable), read_document(path), read_lists(places)
    names = (frozenset(lists[name].items) for name in ("powers", "life_domains", "functions"))
    powers, domains, functions = names
    matters = frozenset(row.code for row in read_legal_table(places).legal_terms)
    unknown = retention.unknown_names(table, powers, matters, domains, functions)
    wrong = [document.finding("unknown-name", where, said, "name one of the list") for where, said in unknown]
    if wrong:
        raise WrongDefinition(wrong)
    return table


def read_ladders(folders: Iterable[Path]) -> dict[str, Ladder]:
    """All ladders by name. Raises WrongDefinition."""
    files = data_files(folders, "ladders")
    found = {each.ladder: each for each in (load_document(path, Ladder) for path in files)}
    _check_there(files, "ladder", found, ("ave", "mandate"))
    return found


def _check_there(files: list[Path], key: str, found: Collection[str], needed: Iterable[str]) -> None:
    """What the house cannot do without is there; a file takes the place of the shipped one of its name."""
    wrong = [
        read_document(path).finding("unknown-name", (key,), f"there is no {key} '{path.stem}'", f"name it {path.stem}")
        for path in files
        if path.stem in needed and path.stem not in found
    ]
    if wrong:
        raise WrongDefinition(wrong)


def read_glass(folders: Iterable[Path]) -> GlassTable:
    """For how long glass can be broken. Raises WrongDefinition."""
    return load_document(_access_file(folders, "break_glass"), GlassTable)


def read_sharing(folders: Iterable[Path]) -> SharingTable:
    """On which legal grounds cases are shared. Raises WrongDefinition."""
    return load_document(_access_file(folders, "sharing_grounds"), SharingTable)


def read_refusal_grounds(folders: Iterable[Path]) -> refusals.RefusalGrounds:
    """On which grounds a request about data can be refused. Raises WrongDefinition."""
    return load_document(_access_file(folders, refusals.FILE), refusals.RefusalGrounds)


def read_instruments(folders: Iterable[Path]) -> measuring.Instruments:
    """What can be measured with. Raises WrongDefinition, also when two files hold the same version of one."""
    found: dict[tuple[str, int], measuring.Instrument] = {}
    for path in data_files(folders, measuring.FOLDER):
        read = load_document(path, measuring.Instrument)
        if read.key in found:
            wrong = f"version {read.version} of '{read.instrument}' stands in another file too"
            document = read_document(path)
            raise WrongDefinition(
                [document.finding("same-version", ("version",), wrong, "give one of them a higher version")]
            )
        found[read.key] = read
    return measuring.Instruments.of(found.values())


def read_signal_table(folders: Iterable[Path]) -> signal_table.SignalTable:
    """What the municipality decided about signals of residents. Raises WrongDefinition."""
    places = tuple(folders)
    path = next(path for path in data_files(places, signal_table.FOLDER) if path.name == signal_table.FILE)
    table, document = load_document(path, signal_table.SignalTable), read_document(path)
    known = read_lists(places)["functions"].items
    wrong = [
        document.finding("unknown-name", ("complaint_handlers", number), f"there is no function '{name}'", "name one")
        for number, name in enumerate(table.complaint_handlers)
        if name not in known
    ]
    if wrong:
        raise WrongDefinition(wrong)
    return table


def read_languages(folders: Iterable[Path]) -> dict[str, Language]:
    """What residents read, by language; each says everything that Dutch says. Raises WrongDefinition."""
    files = data_files(folders, "texts/residents")
    found = {path: load_document(path, Language) for path in files}
    dutch = next(each for each in found.values() if each.language == "nl")
    wrong = [
        read_document(path).finding("unknown-name", where, said, "say what nl.yaml says")
        for path, each in found.items()
        for where, said in differences(each, dutch)
    ]
    if wrong:
        raise WrongDefinition(wrong)
    ordered = sorted(found.values(), key=lambda each: (each.language != "nl", each.place, each.language))
    return {each.language: each for each in ordered}


def _access_file(folders: Iterable[Path], name: str) -> Path:
    return next(path for path in data_files(folders, "access") if path.stem == name)
