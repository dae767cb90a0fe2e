"""The last net under what is logged: whatever can be a BSN is masked, wherever it came from."""

import logging
import sys
from collections.abc import Callable
from typing import Any, TextIO

import structlog

from wijkteam.residents.bsn import without_bsn

SAID = "%Y-%m-%d %H:%M:%S"


def begin_logging(as_json: bool, to: TextIO | None = None) -> None:
    """Lines on stderr for people, or one JSON object a line for machines; neither shows what could be a BSN."""
    stream = to or sys.stderr
    shown: list[structlog.typing.Processor] = [
        structlog.processors.TimeStamper(fmt=SAID, utc=False),
        structlog.dev.ConsoleRenderer(
            colors=stream.isatty(),
            # the tracebacks that show values would show what people wrote about residents
            exception_formatter=structlog.dev.plain_traceback,
        ),
    ]
    if as_json:
        shown = [
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, *shown, mask_line],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )


_plain_record: Callable[..., logging.LogRecord] = logging.LogRecord
_formatter = logging.Formatter()


def mask_line(_logger: Any, _method: str, line: Any) -> str:
    """The last processor of structlog: the finished line without numbers that can be a BSN."""
    return without_bsn(str(line))


def mask_all_records() -> None:
    """From now on every record of the standard library's logging is masked too: web server, libraries, tracebacks."""
    logging.setLogRecordFactory(_masked_record)


def _masked_record(*arguments: Any, **options: Any) -> logging.LogRecord:
    record = _plain_record(*arguments, **options)
    try:
        record.msg, record.args = without_bsn(record.getMessage()), ()
    except (TypeError, ValueError):
        record.msg, record.args = without_bsn(str(record.msg)), ()  # arguments that do not fit: the words alone
    if record.exc_info and record.exc_info[0] is not None:
        record.exc_text = without_bsn(_formatter.formatException(record.exc_info))
    return record
