"""What can be done with quotes: writing one. Releasing it and taking it back are steps of its workflow."""

from dataclasses import dataclass

from wijkteam.quotes.model import Quote
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work


@dataclass(frozen=True)
class NewQuote:
    """A sentence in a case, who said it (professional or resident), and beside which barrier it belongs."""

    case_id: str
    said_by: str
    words: str
    barrier: str | None = None


def write_quote(work: Work, new: NewQuote, quote_id: str | None = None) -> Quote:
    """Write a quote down, without names; it stands in no report until its writer releases it.

    Raises WrongFields or Refused.
    """
    with work.transaction() as session:
        quote = Quote(id=quote_id or new_id(), case_id=new.case_id)
        with session.no_autoflush:
            work.open(quote, {"said_by": new.said_by, "words": new.words, "barrier": new.barrier})
            session.add(quote)
        return quote
