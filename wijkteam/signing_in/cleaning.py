"""Throwing away what signing in no longer needs: less is kept of people than a rule looks at."""

import structlog

from wijkteam.signing_in.accounts import forget_old_requests
from wijkteam.signing_in.attempts import forget_attempts
from wijkteam.storage.work import Work

log = structlog.get_logger()


def forget_old(work: Work) -> int:
    """Throw away old tries, links and mails; returns how many."""
    gone = forget_attempts(work) + forget_old_requests(work)
    if gone:
        log.info("sign_in.forgotten", rows=gone)
    return gone
