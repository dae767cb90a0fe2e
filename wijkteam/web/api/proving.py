"""Great deeds by programs: the person of a token proves anew, on a page, who they are.

The pages ask this before deeds that somebody at an unlocked screen must not be able to do; a token that was stolen is
such a screen. The person opens Mijn tokens and proves it there, in any way that they have; for as long as such a proof
counts, that one token may do great deeds. The answer is the challenge of RFC 9470. A system has nobody who can prove
anything, and so does no great deeds.
"""

from wijkteam.terms import clock
from wijkteam.web.acting import safety
from wijkteam.web.api.bearing import bearer
from wijkteam.web.api.problems import Problem
from wijkteam.web.language import _

ASKS_PROOF = (
    "A great deed: its person proves anew who they are for this token, on the page /mijn-toegang/tokens, "
    "at most some minutes before (401 insufficient_user_authentication, RFC 9470)."
)


def prove() -> None:
    """Go on only when the token's person proved lately who they are; else 401 with what to do."""
    token, lasts = bearer(), safety().limits.proof
    if token.proved_at is not None and clock.now() - token.proved_at <= lasts:
        return
    minutes = int(lasts.total_seconds()) // 60
    error = 'error="insufficient_user_authentication"'  # not said to people
    challenge = f'Bearer realm="wijkteam", {error}, max_age="{minutes * 60}"'  # not said to people
    line = _("Bewijs eerst opnieuw wie u bent, bij Mijn tokens. Dat geldt dan %(minutes)s minuten.", minutes=minutes)
    raise Problem(401, line, {"WWW-Authenticate": challenge})
