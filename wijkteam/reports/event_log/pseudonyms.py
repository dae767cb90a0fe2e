"""Pseudonyms that hold within one export and nowhere else."""

import hmac
import secrets
from hashlib import sha256

LENGTH = 16
"""Hexadecimal signs: enough that millions of things do not share one."""
CLOCK = "clock"
"""Stands where no person acted, but time passed."""


class Pseudonyms:
    """Names for things and people, made with a salt that is forgotten with the export.

    Whoever knows the number of a case cannot find it in the file, and two exports cannot be laid side by side by name.
    What was done when stays in the file: who knows that may still recognise somebody. So it is pseudonymous, and no
    anonymous, data (AVG art. 4(5), preamble 26).
    """

    def __init__(self, salt: bytes | None = None) -> None:
        self._salt = salt or secrets.token_bytes(32)

    def of(self, kind: str, key: object) -> str:
        """The pseudonym of something of a kind, such as `escalation-3f9a…`."""
        made = hmac.new(self._salt, f"{kind}\0{key}".encode(), sha256).hexdigest()
        return f"{kind}-{made[:LENGTH]}"

    def of_person(self, person_id: int | None) -> str:
        """The pseudonym of who acted."""
        return CLOCK if person_id is None else self.of("person", person_id)
