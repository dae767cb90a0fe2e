"""In CI a skipped test is a failure, unless its reason says that it is allowed there."""

import os

import pytest

ALLOWED = "allowed in CI:"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every skip that CI does not allow."""
    if os.environ.get("CI"):
        for where, reason in _skips(terminalreporter):
            terminalreporter.write_line(f"skipped in CI: {where}: {reason}", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run for such skips."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and _skips(reporter) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _skips(reporter: pytest.TerminalReporter) -> list[tuple[str, str]]:
    found = []
    for report in reporter.stats.get("skipped", []):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        if not reason.startswith(ALLOWED):
            found.append((report.nodeid, reason))
    return found
