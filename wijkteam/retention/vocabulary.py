"""What the workflow of a destruction list may name: roles, guards, effects."""

from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import (
    Effect,
    Guard,
    Reason,
    Recipients,
    Role,
    Situation,
    Vocabulary,
    fields,
    in_words,
    one_of_them,
)
from wijkteam.events.chain import digest
from wijkteam.people import queries as people
from wijkteam.people.words import function_words, with_names
from wijkteam.retention import queries
from wijkteam.retention.model import DESTROYED, KEPT, LISTED, DestructionItem, DestructionList, RetentionHold
from wijkteam.retention.table import RetentionTable

REASONS = "retention_reasons"


class ListRules:
    """The rules of a list: who draws it up never signs it, and nothing on it goes without a signature."""

    def __init__(self, table: RetentionTable) -> None:
        self.keepers, self.signers = tuple(table.drawn_up_by), tuple(table.signed_by)
        self.reasons = dict(table.reasons)

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow."""
        return Vocabulary(
            subject=DestructionList.workflow,
            roles={
                "keeper": Role(
                    lambda situation: bool(situation.actor.functions & {*self.keepers}),
                    lambda situation: _names(situation, self.keepers),
                    Text(nl="wie lijsten opstelt", en="who draws up lists"),
                    fields(*self.keepers),
                ),
                "signer": Role(
                    self.is_signer,
                    lambda situation: _names(situation, self.signers, situation.subject.drawn_up_by),
                    Text(nl="een ander die mag ondertekenen", en="another who may sign"),
                    fields(*self.signers),
                ),
            },
            guards={
                "something_is_listed": Guard(_something_is_listed),
                "item_can_be_kept": Guard(_item_can_be_kept, fields("item")),
                "everything_is_done": Guard(_everything_is_done),
            },
            effects={
                "draw_up": Effect(_draw_up),
                "keep_item": Effect(_keep_item, fields("last_day"), fields("item", "reason")),
                "keep_signature": Effect(_keep_signature),
                "keep_answer": Effect(_keep_answer, needs=fields("answer")),
                "keep_counts": Effect(_keep_counts),
            },
            recipients={
                "drawer": Recipients(_drawer),
                "keepers": Recipients(lambda situation: _ids(situation, self.keepers), role="keeper"),
                "signers": Recipients(
                    lambda situation: [each for each in _ids(situation, self.signers) if [each] != _drawer(situation)],
                    role="signer",
                ),
            },
            lists={REASONS: self.reasons},
            needed=fields("proposed", "signed", "carried_out", "complete", "keep_item"),
            ends=fields("carried_out", "refused", "withdrawn"),
        )

    def is_signer(self, situation: Situation) -> bool:
        """Holds a function that signs, and did not draw up this list (four eyes)."""
        other = situation.actor.person_id != situation.subject.drawn_up_by
        return other and bool(situation.actor.functions & {*self.signers})


def _names(situation: Situation, functions: tuple[str, ...], but_not: int | None = None) -> Reason:
    session = situation.work.session
    found = []
    for function in functions:
        names = [each.name for each in people.holders(session, function) if each.id != but_not]
        found.append(in_words(with_names(function_words(session, function), names)))
    return one_of_them(found)


def _ids(situation: Situation, functions: tuple[str, ...]) -> list[int]:
    session = situation.work.session
    return list(dict.fromkeys(each for function in functions for each in people.holder_ids(session, function)))


def _drawer(situation: Situation) -> list[int]:
    drawer = situation.subject.drawn_up_by
    return [] if drawer is None else [drawer]


def _something_is_listed(situation: Situation) -> Reason | None:
    if situation.subject.listed:
        return None
    return Reason("Er is nu niets dat vernietigd mag worden.", "Nothing may be destroyed now.")


def _item(situation: Situation) -> DestructionItem | None:
    number = str(situation.fields.get("item", "")).strip()
    if not number.isdecimal() or len(number) > 15:
        return None
    found = situation.work.session.get(DestructionItem, int(number), populate_existing=True)
    return found if found is not None and found.list_id == situation.subject.id else None


def _item_can_be_kept(situation: Situation) -> Reason | None:
    if "item" not in situation.fields:
        return None
    item = _item(situation)
    if item is None:
        return Reason("Deze regel staat niet op de lijst.", "This line is not on the list.")
    situation.work.lock(item)
    if item.state == LISTED:
        return None
    return Reason("Deze regel is al vernietigd of wordt al bewaard.", "This line was destroyed, or is kept already.")


def _everything_is_done(situation: Situation) -> Reason | None:
    left = queries.counts_of(situation.work.session, situation.subject.id).get(LISTED, 0)
    if not left:
        return None
    return Reason(f"Nog {left} te vernietigen.", f"{left} are still to be destroyed.")


def _draw_up(situation: Situation) -> None:
    situation.subject.drawn_up_by = situation.actor.person_id


def _keep_item(situation: Situation) -> None:
    item = _item(situation)
    assert item is not None
    item.state, item.reason, item.done_at = KEPT, situation.fields["reason"], situation.at
    situation.work.session.add(
        RetentionHold(
            subject_kind=item.subject_kind,
            subject_id=item.subject_id,
            reason=situation.fields["reason"],
            last_day=situation.fields.get("last_day"),
            set_by=situation.actor.person_id,
            set_at=situation.at,
        )
    )
    situation.work.session.flush()


def _keep_signature(situation: Situation) -> None:
    situation.subject.signed_by = situation.actor.person_id
    situation.subject.signed_at = situation.at


def _keep_answer(situation: Situation) -> None:
    situation.subject.answer = situation.fields["answer"]
    situation.subject.ended_at = situation.at


def _keep_counts(situation: Situation) -> None:
    made: DestructionList = situation.subject
    items = queries.items_of(situation.work.session, made.id)
    made.destroyed = sum(each.state == DESTROYED for each in items)
    made.kept = sum(each.state == KEPT for each in items)
    made.proof = digest("\n".join(each.proof or "" for each in items if each.state == DESTROYED))
    made.ended_at = situation.at
