"""A thumb on a phone: it taps, types and chooses, and everything it does is counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Page, expect

PHONE = {"width": 360, "height": 740}
PASSWORD = "voorbeeldstad-demo"
PATIENCE = 120_000
"""Milliseconds: what is counted here is work, not time."""

ASKED = """button => {
  const seen = new Set();
  for (const each of button.form.elements) {
    if (!each.required || each.type === 'hidden') continue;
    if (each.type === 'radio') { if (!each.defaultChecked) seen.add(each.name); }
    else if (each.tagName === 'SELECT') {
      if (![...each.options].some(option => option.defaultSelected && option.value)) seen.add(each.name);
    }
    else if (!each.defaultValue) seen.add(each.name);
  }
  return [...seen];
}"""
"""What a form cannot do without, and does not show beforehand."""
TWICE = """() => [...document.forms].flatMap(form => {
  const labels = [...form.querySelectorAll('.field > label, .field legend')];
  const names = labels.map(each => each.firstChild.textContent.trim());
  return names.filter((name, at) => names.indexOf(name) !== at);
})"""


@dataclass
class Count:
    """What one piece of work took. Touching a field in order to type in it is counted with its text."""

    what: str
    most_taps: int
    most_texts: int | None = None
    most_required: int | None = None
    taps: int = 0
    """On links, buttons and choices; choosing in a list is two: open it, choose."""
    texts: list[str] = field(default_factory=list)
    required: list[str] = field(default_factory=list)
    """What had to be filled in or chosen, without what the page proposed."""

    @property
    def over(self) -> list[str]:
        """What goes over the budget."""
        found = [f"{self.taps} taps"] if self.taps > self.most_taps else []
        if self.most_texts is not None and len(self.texts) > self.most_texts:
            found.append(f"texts: {', '.join(self.texts)}")
        if self.most_required is not None and len(self.required) > self.most_required:
            found.append(f"required: {', '.join(self.required)}")
        return found

    @property
    def twice(self) -> list[str]:
        """What was asked more than once on the way."""
        return [name for name in self.required if self.required.count(name) > 1]


class Thumb:
    """Someone with a phone and one hand."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.count = Count("", 0)

    def counts(self, count: Count) -> None:
        """From here on everything counts as this piece of work."""
        self.count = count

    def is_at_my_work(self) -> None:
        """Every count begins here."""
        self.page.goto(self.address + "/")

    def types(self, where: Locator, text: str) -> None:
        where.tap()
        where.fill(text)
        self.count.texts.append(where.get_attribute("name") or "")

    def taps(self, where: Locator) -> None:
        where.tap()
        self.count.taps += 1

    def goes(self, where: Locator) -> None:
        """Taps something that leads to another page, on which no form asks the same twice."""
        with self.page.expect_navigation():
            self.taps(where)
        assert self.page.evaluate(TWICE) == [], self.page.url

    def sends(self, button: Locator) -> None:
        self.count.required += button.evaluate(ASKED)
        with self.page.expect_navigation():
            self.taps(button)
        wrong = self.page.locator(".wrong, [role=alert]").all_inner_texts()
        assert wrong == [], wrong

    def chooses(self, where: Locator, value: str) -> None:
        where.select_option(value)
        self.count.taps += 2

    def signs_in(self, email: str) -> None:
        self.types(self.page.get_by_label("E-mailadres"), email)
        self.types(self.page.get_by_label("Wachtwoord"), PASSWORD)
        self.sends(self.page.get_by_role("main").get_by_role("button", name="Inloggen"))


@contextmanager
def holding_a_phone(browser: Browser, address: str, email: str | None) -> Iterator[Thumb]:
    """Somebody with a phone, signed in unless no address is given; signing in is not counted here."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    context.set_default_timeout(PATIENCE)
    context.set_default_navigation_timeout(PATIENCE)
    thumb = Thumb(context.new_page(), address)
    if email is not None:
        thumb.page.goto(address + "/inloggen")
        thumb.signs_in(email)
        expect(thumb.page.get_by_role("heading", name="Mijn werk")).to_be_visible()
    yield thumb
    context.close()
