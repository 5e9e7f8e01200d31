"""System calls that Python has no functions for."""

from __future__ import annotations

import ctypes
import os
from typing import Any

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38

_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3 = 0x20080522


def system_call(what: str, number: int, *arguments: Any) -> int:
    """Makes a system call.

    Args:
        what: Its name, for errors.
        number: Its number on this machine.
        *arguments: Whole numbers, bytes, and what :func:`ctypes.byref` gives.

    Raises:
        OSError: It failed.
    """
    passed = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    return _checked(what, _libc.syscall(ctypes.c_long(number), *passed))


def prctl(what: str, option: int, *arguments: Any) -> int:
    """Calls ``prctl``, which takes four arguments beside the option.

    Raises:
        OSError: It failed.
    """
    passed = [ctypes.c_ulong(one) if isinstance(one, int) else one for one in arguments]
    passed += [ctypes.c_ulong(0)] * (4 - len(passed))
    return _checked(what, _libc.prctl(option, *passed))


def drop_capabilities() -> None:
    """Gives up all that root may do; files of root's own stay open to it.

    Raises:
        OSError: It failed.
    """
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    number = _CAPSET.get(os.uname().machine)
    if number is None:
        raise OSError(f"capset is not known on {os.uname().machine}")
    system_call("capset", number, ctypes.byref(header), ctypes.byref(none))


def _checked(what: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
