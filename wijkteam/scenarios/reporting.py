"""Telling what came of scenarios: in lines for people, as JSON, and as JUnit XML for tools that follow tests."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

from wijkteam.scenarios.coverage import DEMANDED, Coverage
from wijkteam.scenarios.running import Played, Run


def played_lines(run: Run) -> Iterator[str]:
    """One line for each scenario, under the workflow that it is about."""
    for workflow, played in groupby(run.played, lambda each: each.sheet.workflow):
        yield f"{workflow.workflow} version {workflow.version}: {workflow.title.en}"
        for each in played:
            yield f"  {'failed' if each.failures else 'passed'}  {each.scenario.name}: {each.scenario.title.en}"


def failure_lines(run: Run) -> list[str]:
    """One line for everything that was not as a scenario says, with its file and line."""
    return [f"{failure} [{each.scenario.name}]" for each in run.failed for failure in each.failures]


def summary(run: Run) -> str:
    """How many, how many failed, how long."""
    count, failed = len(run.played), len(run.failed)
    seconds = sum(each.seconds for each in run.played)
    return f"{count} scenario{'s' if count != 1 else ''}, {failed or 'none'} failed, in {seconds:.1f} s"


def coverage_lines(run: Run, whole: bool) -> Iterator[str]:
    """The totals of each workflow; on demand also what was never touched, with its file and line."""
    for (name, version), coverage in run.coverage.items():
        totals = (
            f"{measure} {each.count} of {len(each.places)} ({each.percent:.0f}%)"
            for measure, each in coverage.measures.items()
        )
        yield f"{name} version {version}: {', '.join(totals)}"
        if whole:
            yield from (f"  {line}" for line in _untouched(coverage, tuple(coverage.measures)))


def shortfall_lines(run: Run, least: float) -> list[str]:
    """What keeps the coverage of states and transitions below a percentage, with its file and line."""
    found = []
    for (name, version), coverage in run.coverage.items():
        if not coverage.reaches(least):
            short = [each for each in DEMANDED if coverage.measures[each].percent < least]
            told = ", ".join(f"{each} {coverage.measures[each].percent:.0f}%" for each in short)
            found.append(f"{name} version {version}: {told}, and {least:g}% is asked")
            found += [f"  {line}" for line in _untouched(coverage, tuple(short))]
    return found


def _untouched(coverage: Coverage, measures: tuple[str, ...]) -> Iterator[str]:
    for measure in measures:
        for name, place in coverage.measures[measure].untouched:
            yield f"{place.file}:{place.line}: {measure}: {name} was never touched"


def as_data(run: Run) -> dict[str, Any]:
    """All of it, for JSON."""
    return {
        "scenarios": [_played_as_data(each) for each in run.played],
        "coverage": [
            {
                "workflow": name,
                "version": version,
                **{
                    measure.replace(" ", "_"): {
                        "touched": each.count,
                        "all": len(each.places),
                        "untouched": [
                            {"name": untouched, "file": place.file, "line": place.line}
                            for untouched, place in each.untouched
                        ],
                    }
                    for measure, each in coverage.measures.items()
                },
            }
            for (name, version), coverage in run.coverage.items()
        ],
    }


def _played_as_data(played: Played) -> dict[str, Any]:
    return {
        "workflow": played.sheet.workflow.workflow,
        "version": played.sheet.workflow.version,
        "name": played.scenario.name,
        "title": {"nl": played.scenario.title.nl, "en": played.scenario.title.en},
        "file": played.place.file,
        "line": played.place.line,
        "seconds": round(played.seconds, 3),
        "failures": [
            {
                "file": each.place.file,
                "line": each.place.line,
                "about": each.about,
                "expected": each.expected,
                "found": each.found,
            }
            for each in played.failures
        ],
    }


def as_junit(run: Run) -> bytes:
    """JUnit XML: a suite for each workflow, a test case for each scenario."""
    root = ElementTree.Element("testsuites", tests=str(len(run.played)), failures=str(len(run.failed)))
    for workflow, group in groupby(run.played, lambda each: each.sheet.workflow):
        played = list(group)
        failed = sum(bool(each.failures) for each in played)
        named = f"{workflow.workflow} version {workflow.version}"
        suite = ElementTree.SubElement(root, "testsuite", name=named, tests=str(len(played)), failures=str(failed))
        for each in played:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                classname=workflow.workflow,
                name=each.scenario.name,
                file=each.place.file,
                line=str(each.place.line),
                time=f"{each.seconds:.3f}",
            )
            for failure in each.failures:
                told = ElementTree.SubElement(
                    case, "failure", message=f"expected {failure.expected}; found {failure.found}"
                )
                told.text = str(failure)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
