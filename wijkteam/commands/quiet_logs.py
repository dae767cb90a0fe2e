"""The last net under what is logged: whatever can be a BSN is masked, wherever it came from."""

import logging
from collections.abc import Callable
from typing import Any

from wijkteam.residents.bsn import without_bsn

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
