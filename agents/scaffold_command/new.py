"""Copy a scaffold, with all that it inherits, to start one of your own."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from agents.scaffold.directory import HOOKS, MANIFEST
from agents.scaffold.error import ScaffoldError
from agents.scaffold.load import load_scaffold
from agents.scaffold.scaffold import Scaffold
from automem_gym.commands import Mistake


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of ``automem scaffold new``."""
    parser.add_argument("directory", metavar="DIR", type=Path, help="a directory that is not there")
    parser.add_argument(
        "--from", dest="source", default="generic/v0", metavar="SCAFFOLD", help="what is copied"
    )
    parser.add_argument(
        "--trust-hooks",
        action="store_true",
        help="run the code that comes with it with all your rights, not in a sandbox",
    )


def run(arguments: argparse.Namespace) -> int:
    """Runs ``automem scaffold new``."""
    directory: Path = arguments.directory
    if directory.exists() and not (directory.is_dir() and not any(directory.iterdir())):
        raise Mistake(f"{directory} is there already; name a directory that is not")
    try:
        scaffold = load_scaffold(arguments.source, trust_hooks=arguments.trust_hooks)
        for name, text in flattened(scaffold, directory.resolve().name).items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
    except ScaffoldError as error:
        raise Mistake(str(error)) from error
    except OSError as error:
        raise Mistake(f"{error.filename}: {error.strerror}") from error
    print(f"{directory}: a copy of {scaffold.name}; 'automem scaffold check {directory}' checks it")
    return 0


def flattened(scaffold: Scaffold, name: str) -> dict[str, str]:
    """The files of a scaffold that extends none, and is the same as the given one.

    Args:
        scaffold: The given one.
        name: What the new one is called.

    Returns:
        Path to text.
    """
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    environment.filters["toml"] = _toml
    form = Path(__file__).with_name(f"{MANIFEST}.j2").read_text(encoding="utf-8")
    files = {
        MANIFEST: environment.from_string(form).render(
            name=name,
            scaffold=scaffold,
            limits=dataclasses.asdict(scaffold.limits),
            quotas=dataclasses.asdict(scaffold.memory.quotas),
        )
    }
    files |= {f"prompts/{path}": text for path, text in scaffold.prompts.sources.items()}
    files |= {f"memory/{path}": text for path, text in scaffold.memory.files.items()}
    if scaffold.hooks_source is not None:
        files[HOOKS] = scaffold.hooks_source
    return files


def _toml(value: str | int | tuple[str, ...]) -> str:
    # JSON's forms of texts, numbers and lists are TOML's, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
