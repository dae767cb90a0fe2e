"""The page of the report: about whole years, whatever days are asked."""

import re

from tests.access.test_who_may_read import client
from tests.conftest import Town
from wijkteam.reports.periods import days_of_year, last_ended_day
from wijkteam.terms import clock


def test_other_days_of_the_same_year_give_the_same_report(town: Town) -> None:
    bea = client(town, "bea")
    year = last_ended_day(clock.today()).year
    answers = [bea.get(path) for path in ("/verslag", f"/verslag?van={year}-01-05&tot={year}-01-05")]
    assert [each.status_code for each in answers] == [200, 200]
    first, other = (re.sub(r'name="csrf_token" value="[^"]*"', "", each.text) for each in answers)
    assert first == other
    assert "Het gaat over kalenderjaren" in first
    begins, _ = days_of_year(year, clock.today())
    assert f'value="{begins}"' in first
    assert bea.get(f"/verslag.csv?van={year}-01-05").text == bea.get("/verslag.csv").text
