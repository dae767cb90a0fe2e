"""What people call a browser, made from what it says of itself. Good enough to tell one's own apart."""

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser_name(text: str) -> str:
    """Such as: Firefox op Windows."""
    browser = next((name for sign, name in BROWSERS if sign in text), "Onbekende browser")
    system = next((name for sign, name in SYSTEMS if sign in text), "")
    return f"{browser} op {system}" if system else browser
