"""Builds the site: the guides, the results, and the API from the docstrings of the five floors."""

import re
import sys
from pathlib import Path
from typing import Any

from sphinx.ext.autodoc.mock import mock

ROOT = Path(__file__).parents[1]
FLOORS = ("memory_fs", "automem_gym", "agents", "benchmarks", "training")
sys.path.insert(0, str(ROOT))

# Large, and optional: the pages need no more than their names. Not autodoc_mock_imports, which
# imports a module a second time, without them, to read its source.
HEAVY = ("accelerate", "anthropic", "bitsandbytes", "openai", "peft", "pyarrow", "ray", "torch")
MOCKED = mock([*HEAVY, "tensorboard", "transformers"])
MOCKED.__enter__()

project = "AutoMem Gym"
author = "the authors of AutoMem Gym"
extensions = ["myst_parser", "sphinx.ext.apidoc", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "api/*/modules.rst"]
html_theme = "furo"
html_title = project
html_copy_source = False
highlight_language = "none"
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
# A short name in an annotation, such as bytes or Cell, may be that of several classes here.
suppress_warnings = ["ref.python"]


def shown_elsewhere(package: Path) -> list[str]:
    """The modules whose names their package exports: its own page shows them."""
    text = (package / "__init__.py").read_text(encoding="utf-8")
    if "__all__" not in text:
        return []
    name = ".".join(package.relative_to(ROOT).parts)
    exported = re.findall(rf"^from {re.escape(name)}\.(\w+) import", text, re.MULTILINE)
    return [str(package / f"{module}.py") for module in exported]


def modules_of(floor: str) -> dict[str, Any]:
    """What sphinx.ext.apidoc makes of a floor: a page a package. Scaffolds are data."""
    packages = [path.parent for path in (ROOT / floor).rglob("__init__.py")]
    left_out = [module for package in packages for module in shown_elsewhere(package)]
    return {
        "path": ROOT / floor,
        "destination": f"api/{floor}",
        "exclude_patterns": [*left_out, str(ROOT / floor / "scaffolds"), "**/__main__.py"],
        "module_first": True,
        "automodule_options": {"members", "show-inheritance"},
    }


apidoc_modules = [modules_of(floor) for floor in FLOORS]


def shown_at_home(app: Any, what: str, name: str, found: object, skip: bool, _: Any) -> bool | None:
    """Leaves out what a package exports for another one: that one's page shows it."""
    home = getattr(found, "__module__", None)
    page = app.env.current_document.autodoc_module
    if what != "module" or not isinstance(home, str) or not home.startswith(FLOORS):
        return None
    return True if page not in (home, home.rpartition(".")[0]) else None


#: Files of the repository that are pages of the site.
PAGES = {
    "README.md": "/index.md",
    "CHANGELOG.md": "/changelog.md",
    "CONTRIBUTING.md": "/contributing.md",
    "benchmarks/RESULTS.md": "/results.md",
    "training/LOG.md": "/log.md",
}


def linked_within(_: Any, page: str, source: list[str]) -> None:
    """Lets links that lead to such a file in the repository lead to its page."""
    for file, target in PAGES.items():
        source[0] = re.sub(rf"\]\((\.\./)+{re.escape(file)}", f"]({target}", source[0])


def setup(app: Any) -> None:
    """Connects the above."""
    app.connect("source-read", linked_within)
    app.connect("autodoc-skip-member", shown_at_home)
