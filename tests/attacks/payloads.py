"""What attackers type: each string means something to some interpreter, and must stay a string here."""

MARK = "wtprobe"
SCRIPT = f"<script>{MARK}()</script>"
IMAGE = f'"><img src=x onerror={MARK}()>'
ATTRIBUTE = f"' autofocus onfocus='{MARK}()"
RAW = (SCRIPT, IMAGE, f"<{MARK}", ATTRIBUTE)
"""None of these may come back as it was typed."""

SEVEN_TIMES = "1787569"
"""1337 × 1337: what comes back when a template or a formula was carried out."""

PAYLOADS = (
    SCRIPT,
    IMAGE,
    ATTRIBUTE,
    "javascript:alert(1)",
    "' OR '1'='1",
    "1; DROP TABLE person; --",
    "' UNION SELECT password_hash FROM person --",
    "\\'; --",
    "%' AND 1=0 UNION ALL SELECT '",
    "{{ 1337 * 1337 }}",
    "${1337*1337}",
    "#{1337*1337}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "=1337*1337",
    "@SUM(1+1)",
    "!!python/object/apply:os.system ['id']",
    "&a [*a, *a]",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd\x00.txt",
    "file:///etc/passwd",
    "\r\nSet-Cookie: taken=1",
    "%0d%0aSet-Cookie:%20taken=1",
    "\x00",
    "\ud800",
    "‮evil",
    "ı̇" * 50,
    "9" * 400,
    "9" * 5_000,
    "-1",
    "NaN",
    "1e309",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "a" * 70_000,
    "[]",
    "null",
    "<!--#exec cmd='id'-->",
    '#import "/etc/passwd"',
    '$ #eval("1337 * 1337") $',
)
