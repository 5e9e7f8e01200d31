"""The page's program: its modules, put together into one script.

The modules are ES modules, so that editors and readers know what each needs. A page that is opened
from disk cannot import anything; so each becomes a function that is called once and returns what
the module exports, in the order in which they need each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_IMPORT = re.compile(r"^import (\{[^}]*\}) from \"\./(\w+)\.js\";$", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|class|function\*?|async function) (\w+))", re.MULTILINE)
#: What a form that is not understood leaves behind.
_FOREIGN = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_MODULE = """const {name} = (() => {{
{body}
return {{ {exports} }};
}})();
"""


def join(modules: Mapping[str, str], main: str) -> str:
    """Puts modules together.

    Args:
        modules: Their texts, by name.
        main: The one that needs the others.

    Returns:
        One script.

    Raises:
        ValueError: Two modules need each other, one that is needed is missing, or one imports or
            exports in a form other than ``import { a } from "./b.js";`` and ``export`` before a
            constant, a class or a function.
    """
    order: list[str] = []
    _visit(main, modules, order, ())
    return '"use strict";\n' + "".join(_wrapped(name, modules[name]) for name in order)


def _visit(name: str, modules: Mapping[str, str], order: list[str], path: tuple[str, ...]) -> None:
    if name in path:
        raise ValueError(f"modules need each other: {' -> '.join((*path, name))}")
    if name in order:
        return
    if name not in modules:
        raise ValueError(f"{path[-1] if path else 'the page'} needs {name}.js, which is not there")
    for _, needed in _IMPORT.findall(modules[name]):
        _visit(needed, modules, order, (*path, name))
    order.append(name)


def _wrapped(name: str, text: str) -> str:
    imported = _IMPORT.sub(lambda found: f"const {found[1]} = {_scope(found[2])};", text)
    body = _EXPORT.sub("", imported)
    if foreign := _FOREIGN.search(body):
        raise ValueError(f"{name}.js cannot be put together with others: {foreign[0]}")
    exports = ", ".join(_EXPORT.findall(imported))
    return _MODULE.format(name=_scope(name), body=body.strip(), exports=exports)


def _scope(name: str) -> str:
    """The name that a module has in the script; no module uses such a name."""
    return f"${name}"
