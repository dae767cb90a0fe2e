"""The plan on paper is for the family: their words, who does what, whom to call; nothing that is kept for the team."""

import json

from tests.conftest import Town
from tests.plans.test_plan import goal_of, opened
from wijkteam.cases.model import HouseholdCase
from wijkteam.documents.pdf import make_pdf
from wijkteam.engine.definition import Text
from wijkteam.plans.printing import TEMPLATE, Printed, our_plan
from wijkteam.plans.service import NewAgreement, NewLine, add_line, agree_on
from wijkteam.terms import clock

NL = Printed("Voorbeeldstad", lambda kind, code: Text(nl=f"nl-{code}", en=f"en-{code}"))
EN = Printed("Voorbeeldstad", NL.title_of, "en", True, (clock.today(), "Huisbezoek"))


def test_only_what_the_family_may_find_on_its_table_is_printed_and_safety_only_when_asked(town: Town) -> None:
    case = opened(town)
    fenna, here = town.work("fenna"), {"case_id": case.id, "team_id": case.team_id}
    fenna.act_on(HouseholdCase, case.id, "found_safe", {"safety": "GEHEIM-veiligheid"})
    given = {"question": "Wij willen #strong[rust].", "strengths": "Zus helpt.\nOpa ook."}
    fenna.act_on(HouseholdCase, case.id, "question_is_clear", given)
    fenna.act_on(HouseholdCase, case.id, "add_note", {"note": "GEHEIM-notitie"})
    goal = goal_of(town, case)
    agree_on(fenna, NewAgreement(**here, what="Belt de *verhuurder*", who="Moeder", goal_id=goal.id))
    agree_on(fenna, NewAgreement(**here, what="Gaat naar buiten", who="Vader"))
    add_line(fenna, NewLine(**here, kind="worry", line="Weinig slaap", said_by="household"))
    add_line(fenna, NewLine(**here, kind="worry", line="GEHEIM-vermoeden", said_by="professional"))
    town.close()
    session = town.clockwork().session
    case = session.get_one(HouseholdCase, case.id)
    plain, whole = our_plan(session, case, NL), our_plan(session, case, EN)
    assert plain["strengths"] == ["Zus helpt.", "Opa ook."] and plain["worries"] == ["Weinig slaap"]
    assert plain["goals"][0]["domain"] == "nl-housing" and whole["goals"][0]["domain"] == "en-housing"
    assert plain["safety"] == [] and whole["safety"][0]["who"] == "Vader"
    assert "GEHEIM" not in json.dumps([plain, whole]), "no notes, no safety text, no worries of professionals"
    assert case.what_is_going_on not in json.dumps(plain) and case.next_step not in json.dumps(plain)
    for content in (plain, whole):
        made = make_pdf(TEMPLATE, content)
        assert made == make_pdf(TEMPLATE, content) and b"pdfuaid" in made, "accessible, and the same each time"
