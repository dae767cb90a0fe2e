"""The last net: nothing that can be a BSN gets into a log, wherever it comes from."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from tests.residents.conftest import NUMBER
from wijkteam.commands.quiet_logs import mask_all_records, mask_line


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    before, written = logging.getLogRecordFactory(), io.StringIO()
    handler, logger = logging.StreamHandler(written), logging.getLogger("somebody.elses.library")
    mask_all_records()
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)
    logging.setLogRecordFactory(before)


def test_messages_arguments_and_tracebacks_of_any_library_are_masked(stream: io.StringIO) -> None:
    logger = logging.getLogger("somebody.elses.library")
    logger.warning("failed for %s", NUMBER)
    logger.warning(f"GET /?q={NUMBER} %d things", 7)
    logger.warning("does not fit %s %s", NUMBER)
    logger.warning({"bsn": NUMBER})
    try:
        raise ValueError(f"wrong: {NUMBER}")
    except ValueError:
        logger.exception("broke on 1234.56.782")
    written = stream.getvalue()
    assert NUMBER not in written and "1234.56.782" not in written
    assert "failed for •" in written and "7 things" in written and "ValueError: wrong: •" in written


def test_lines_of_our_own_are_masked_after_they_are_written_out() -> None:
    log = structlog.wrap_logger(
        structlog.ReturnLogger(), processors=[structlog.processors.KeyValueRenderer(), mask_line], wrapper_class=None
    )
    assert NUMBER not in str(log.info("round", number=NUMBER, done=12))
    assert "done=12" in str(log.info("round", done=12))
