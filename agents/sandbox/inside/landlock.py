"""Landlock: of all files, the standard library's can be read; nothing can be written."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path

from agents.sandbox.inside.kernel import system_call
from agents.sandbox.inside.namespaces import PACKAGES

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
#: What each version can refuse, beside what the versions before it can: rights on files as bits.
_FILE_RIGHTS = {1: 0x1FFF, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
#: Binding and connecting TCP sockets; abstract Unix sockets and signals to who is outside.
_NET_RIGHTS, _SCOPES = {4: 0b11}, {6: 0b11}


class _Rule(ctypes.Structure):
    """``struct landlock_path_beneath_attr``, which is packed."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def rules(libraries: Sequence[str]) -> int:
    """Makes the rules; they bind nobody yet.

    Args:
        libraries: Folders that stay readable, without the packages that were installed there.

    Returns:
        A file descriptor, for :func:`restrict`.

    Raises:
        OSError: The kernel has no Landlock, or it is switched off.
    """
    version = system_call("landlock_create_ruleset", _CREATE, ctypes.c_void_p(None), 0, _VERSION)
    handled = [
        sum(bits for since, bits in table.items() if since <= version)
        for table in (_FILE_RIGHTS, _NET_RIGHTS, _SCOPES)
    ]
    # An older kernel knows a shorter structure, and takes a longer one only with zeros behind.
    attributes = (ctypes.c_uint64 * 3)(*handled)
    size = ctypes.sizeof(attributes)
    ruleset = system_call("landlock_create_ruleset", _CREATE, ctypes.byref(attributes), size, 0)
    for folder in map(Path, libraries):
        _allow(ruleset, folder, _READ_DIR)
        for entry in folder.iterdir():
            # A link could lead anywhere; the modules that are needed are files.
            if entry.name not in PACKAGES and not entry.is_symlink():
                _allow(ruleset, entry, _READ_FILE)
    return ruleset


def restrict(ruleset: int) -> None:
    """Binds this process, for good.

    Raises:
        OSError: It failed.
    """
    system_call("landlock_restrict_self", _RESTRICT, ruleset, 0)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    found = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _Rule(rights, found)
        system_call("landlock_add_rule", _ADD, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(found)
