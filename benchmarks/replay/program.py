"""The page's program: its modules, put together into one script.

The modules are ES modules, so that editors and readers know what each needs. A page that is opened
from disk cannot import anything; so they are joined in the order in which they need each other,
without their import and export words. A name at the top of a module is therefore a name of the
whole program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_IMPORT = re.compile(r"^import \{[^}]*\} from \"\./(\w+)\.js\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const|let|class|function|async function)", re.MULTILINE)
_TOP = re.compile(r"^(?:const|let|class|function|async function) (\w+)", re.MULTILINE)
#: What would be left of a form that is not understood, so that it is noticed here.
_FOREIGN = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def join(modules: Mapping[str, str], main: str) -> str:
    """Puts modules together.

    Args:
        modules: Their texts, by name.
        main: The one that needs the others.

    Returns:
        One script, for a scope of its own.

    Raises:
        ValueError: Two modules need each other, two define the same name, one that is needed is
            missing, or one imports or exports in a form other than ``import { a } from "./b.js";``
            and ``export`` before a declaration.
    """
    order: list[str] = []
    _visit(main, modules, order, ())
    bodies = {name: _EXPORT.sub("", _IMPORT.sub("", modules[name])) for name in order}
    owners: dict[str, str] = {}
    for name, body in bodies.items():
        if foreign := _FOREIGN.search(body):
            raise ValueError(f"{name}.js: cannot be joined: {foreign[0]}")
        for word in _TOP.findall(body):
            if word in owners:
                raise ValueError(f"{name}.js and {owners[word]}.js both define {word}")
            owners[word] = name
    return '"use strict";\n' + "\n".join(f"// {name}.js\n{bodies[name]}" for name in order)


def _visit(name: str, modules: Mapping[str, str], order: list[str], path: tuple[str, ...]) -> None:
    if name in path:
        raise ValueError(f"modules need each other: {' -> '.join((*path, name))}")
    if name in order:
        return
    if name not in modules:
        raise ValueError(f"{path[-1] if path else 'the page'} needs {name}.js, which is not there")
    for needed in _IMPORT.findall(modules[name]):
        _visit(needed, modules, order, (*path, name))
    order.append(name)
