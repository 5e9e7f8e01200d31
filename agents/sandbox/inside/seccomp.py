"""seccomp: of all system calls, those that a computation in Python needs; the others fail."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

from agents.sandbox.inside.kernel import PR_SET_SECCOMP, prctl

_MODE_FILTER = 2
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
#: Where ``struct seccomp_data`` has the call's number and the machine.
_NUMBER, _MACHINE = 0, 4

#: The calls by name, and their numbers on x86-64 and on 64-bit ARM; None where there is none. No
#: call makes a process, a thread, a socket, or a file without a name; none sends a signal, loads a
#: program, or changes a file's rights. ``fcntl`` can make the kernel send signals, ``ioctl`` can
#: do anything.
_CALLS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "brk": (12, 214),
    "futex": (202, 98),
    "newfstatat": (262, 79),
    "openat": (257, 56),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "getdents64": (217, 61),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "getrandom": (318, 278),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "gettimeofday": (96, 169),
    "times": (100, 153),
    "getrusage": (98, 165),
    "restart_syscall": (219, 128),
    "pread64": (17, 67),
    "readv": (19, 65),
    "writev": (20, 66),
    "readlinkat": (267, 78),
    "getcwd": (79, 17),
    "sched_yield": (24, 124),
    "membarrier": (324, 283),
    "rseq": (334, 293),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    # Older C libraries, and musl, call these by their old names.
    "open": (2, None),
    "stat": (4, None),
    "lstat": (6, None),
    "readlink": (89, None),
    "time": (201, None),
}
#: How the kernel calls a machine, and the column of the table.
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}


class _Program(ctypes.Structure):
    """``struct sock_fprog``."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


class Filter:
    """A filter for this machine.

    Raises:
        OSError: The machine's calls are not known.
    """

    def __init__(self) -> None:
        name = os.uname().machine
        if name not in _MACHINES or sys.maxsize < 2**32:
            raise OSError(f"the system calls of {name} are not known here")
        machine, column = _MACHINES[name]
        found = [calls[column] for calls in _CALLS.values()]
        numbers = [number for number in found if number is not None]
        lines = [(_LOAD, 0, 0, _MACHINE), (_JUMP_IF_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _KILL)]
        lines.append((_LOAD, 0, 0, _NUMBER))
        # Each jumps to the last line, which allows; who matches none comes to the line before.
        for index, number in enumerate(numbers):
            lines.append((_JUMP_IF_EQUAL, len(numbers) - index, 0, number))
        lines += [(_RETURN, 0, 0, _ERRNO | errno.EPERM), (_RETURN, 0, 0, _ALLOW)]
        self._code = b"".join(struct.pack("HBBI", *line) for line in lines)
        self._program = _Program(len(lines), self._code)

    def install(self) -> None:
        """Binds this process, for good; it must have given up new privileges.

        Raises:
            OSError: The kernel has no filters, or does not allow them.
        """
        prctl("seccomp", PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(self._program))
