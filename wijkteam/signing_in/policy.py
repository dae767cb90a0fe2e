"""Who has to prove what to sign in: policy as data (workflows/access/signing_in.yaml)."""

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from sqlalchemy.orm import Session

from wijkteam.engine.definition import Name, Part, Text
from wijkteam.engine.loading import WrongDefinition, load_document
from wijkteam.engine.reading import read_document
from wijkteam.people import queries as people
from wijkteam.shipped import folder
from wijkteam.signing_in.held import Held, held_factors

Needs = Literal["password", "second_factor", "phishing_resistant"]
Factor = Literal["totp", "passkey", "recovery_code", "single_sign_on"]
FILE = "signing_in.yaml"
SET_UP, SET_UP_PASSKEY = "set_up", "set_up_passkey"


class FunctionPolicy(Part):
    """What one function needs, and the source of that rule."""

    needs: Needs
    source: str = Field(min_length=1)


class SignInPolicy(Part):
    """What each function needs to sign in."""

    sign_in_policy: Name
    title: Text
    otherwise: Needs
    counts_as_second: tuple[Factor, ...] = Field(min_length=1)
    counts_as_phishing_resistant: tuple[Factor, ...] = Field(min_length=1)
    functions: dict[Name, FunctionPolicy]

    def needs(self, functions: Collection[str]) -> Needs:
        """The most that any of these functions needs."""
        each = {self.functions[name].needs if name in self.functions else self.otherwise for name in functions}
        order: tuple[Needs, ...] = ("phishing_resistant", "second_factor", "password")
        return next((need for need in order if need in each), self.otherwise)


def read_policy(path: Path, functions: Collection[str]) -> SignInPolicy:
    """The policy of a file, every function of which has to be known. Raises WrongDefinition."""
    policy, document = load_document(path, SignInPolicy), read_document(path)
    wrong = [
        document.finding(
            "unknown-name", ("functions", name), f"there is no function '{name}'", "name one of the list functions"
        )
        for name in policy.functions
        if name not in functions
    ]
    if wrong:
        raise WrongDefinition(wrong)
    return policy


@cache
def shipped_policy() -> SignInPolicy:
    """The policy that comes with the system."""
    return load_document(folder("workflows") / "access" / FILE, SignInPolicy)


def needed(session: Session, person_id: int, production: bool, policy: SignInPolicy | None = None) -> Needs:
    """What this person needs today by the functions held, also as a deputy; only a password outside production."""
    person = people.acting_person(session, person_id)
    if not production or person is None:
        return "password"
    return (policy or shipped_policy()).needs(person.functions)


def what_is_missing(
    session: Session,
    person_id: int,
    factors: frozenset[str],
    production: bool,
    policy: SignInPolicy | None = None,
) -> list[str]:
    """What a person who proved these factors still has to do: one of those listed, nothing when the list is empty.

    A factor is named by its kind (totp, passkey, recovery_code). `set_up` says that this person has none that would
    do and has to make one first, `set_up_passkey` that it has to be a passkey. Nobody sets up anything on a password
    alone who has a factor already: that one is proved first.
    """
    rules = policy or shipped_policy()
    need, held = needed(session, person_id, production, rules), held_factors(session, person_id)
    strong = frozenset(rules.counts_as_phishing_resistant)
    second = factors & frozenset(rules.counts_as_second)
    if need == "phishing_resistant":
        if factors & strong:
            return []
        return _towards_a_strong_one(held, strong, bool(second))
    if second or (need == "password" and not held.kinds):
        return []
    return _of(held) or [SET_UP]


def _towards_a_strong_one(held: Held, strong: frozenset[str], has_second: bool) -> list[str]:
    mine = sorted(held.kinds & strong)
    if has_second:
        # who lost the passkey comes in by another factor as far as making a new one, and no further
        return [*mine, SET_UP_PASSKEY]
    return _of(held, mine) or [SET_UP_PASSKEY]


def _of(held: Held, first: Collection[str] = ()) -> list[str]:
    """What the person can prove with; recovery codes only stand in for a factor."""
    if not held.kinds:
        return []
    return [*first, *sorted(held.kinds - set(first)), *(["recovery_code"] if held.codes_left else [])]


def would_do(held: Held, without: str, passkeys_less: int, need: Needs, policy: SignInPolicy | None = None) -> bool:
    """Whether what a person keeps is enough for what they need, once a factor (totp) or so many passkeys are gone."""
    rules = policy or shipped_policy()
    left = {each for each in held.kinds if each != without}
    if passkeys_less >= len(held.passkeys):
        left.discard("passkey")
    counting = rules.counts_as_phishing_resistant if need == "phishing_resistant" else rules.counts_as_second
    return need == "password" or bool(left & set(counting))
