"""Proving anew with a passkey or a code of one's app, beside the password."""

from flask import request

from wijkteam.web.acting import User
from wijkteam.web.language import later
from wijkteam.web.proving import Way, add_way
from wijkteam.web.relying_party import here
from wijkteam.web.second_step import code_wrong, passkey_wrong, ways_to_prove


def register() -> None:
    """Offer these ways, wherever a proof is asked for anew."""
    add_way(
        Way(
            "passkey",
            later("Passkey"),
            "components/prove_passkey.html",
            lambda user: here() is not None and "passkey" in ways_to_prove(user.person.person_id),
            _by_passkey,
            needs_script=True,
        )
    )
    add_way(
        Way(
            "totp",
            later("Code uit uw app"),
            "components/prove_code.html",
            lambda user: "totp" in ways_to_prove(user.person.person_id),
            _by_code,
        )
    )


def _by_passkey(user: User) -> str:
    return passkey_wrong(user.person.person_id, request.form.get("proof_answer", ""))


def _by_code(user: User) -> str:
    return code_wrong(user.person.person_id, user.signed_in.id, request.form.get("proof_code", ""))
