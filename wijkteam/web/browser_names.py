"""What people call a browser, made from what it says of itself. Good enough to tell one's own apart."""

from wijkteam.web.language import _

BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox": "", "Chrome": "", "Safari": ""}  # not said to people
SYSTEMS = {"iPhone": "", "iPad": "", "Android": "", "Windows": "", "Mac OS": "Mac", "Linux": ""}  # not said to people
"""What a browser says of itself, and the name it goes by where that is another; the same in every language."""


def browser_name(text: str) -> str:
    """Such as: Firefox op Windows."""
    browser = next((name or sign for sign, name in BROWSERS.items() if sign in text), _("Onbekende browser"))
    system = next((name or sign for sign, name in SYSTEMS.items() if sign in text), "")
    return _("%(browser)s op %(system)s", browser=browser, system=system) if system else browser
