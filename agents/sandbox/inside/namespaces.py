"""A process that sees no other process, no network, and of the files the standard library alone."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Sequence
from pathlib import Path

from agents.sandbox.inside.kernel import PR_SET_PDEATHSIG, prctl, system_call

_CLONE_NEWNS, _CLONE_NEWUTS, _CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
_ALL = _CLONE_NEWNS | _CLONE_NEWUTS | _CLONE_NEWIPC | _CLONE_NEWUSER | _CLONE_NEWPID | _CLONE_NEWNET
# These calls came when all machines had agreed on one table of numbers.
_OPEN_TREE, _MOVE_MOUNT, _MOUNT_SETATTR = 428, 429, 442
_UNSHARE = {"x86_64": 272, "aarch64": 97}
_MOUNT = {"x86_64": 165, "aarch64": 40}
_UMOUNT = {"x86_64": 166, "aarch64": 39}
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_AT_FDCWD, _AT_EMPTY_PATH, _AT_RECURSIVE = -100, 0x1000, 0x8000
_OPEN_TREE_CLONE, _CLOEXEC = 1, 0o2000000
_MOVE_MOUNT_F_EMPTY_PATH = 4
_MS_REC, _MS_PRIVATE, _MNT_DETACH = 0x4000, 0x40000, 2
_RDONLY, _NOSUID, _NODEV, _NOEXEC = 1, 2, 4, 8
#: Where the new root is put together. Any directory that is there would do.
_PLACE = "/tmp"
#: Who it is inside: nobody.
_NOBODY = 65534
#: Other people's packages stand within the standard library's folder.
PACKAGES = ("site-packages", "dist-packages")


def enter(libraries: Sequence[str]) -> None:
    """Goes on as process 1 of its own namespaces; the process that called waits outside for it.

    Args:
        libraries: Folders that stay readable, without the packages that were installed there.

    Raises:
        OSError: The kernel does not allow it.
    """
    machine, user, group = os.uname().machine, os.getuid(), os.getgid()
    if machine not in _UNSHARE:
        raise OSError(f"its system calls are not known on {machine}")
    system_call("unshare", _UNSHARE[machine], _ALL)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_NOBODY} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{_NOBODY} {group} 1")
    inner = os.fork()
    if inner:
        # It must hold no end of a pipe: where the inner process ends, both ends see that.
        os.closerange(0, 64)
        os.waitpid(inner, 0)
        os._exit(0)
    prctl("prctl", PR_SET_PDEATHSIG, int(signal.SIGKILL))
    _change_root(machine, libraries)


def _change_root(machine: str, libraries: Sequence[str]) -> None:
    mount = _MOUNT[machine]
    nothing = ctypes.c_void_p(None)
    system_call("mount", mount, nothing, b"/", nothing, _MS_REC | _MS_PRIVATE, nothing)
    # Copied before anything is mounted over them.
    trees = {path: _read_only_copy(path) for path in libraries}
    _mount_empty(mount, _PLACE)
    for path, tree in trees.items():
        target = _PLACE + path
        Path(target).mkdir(parents=True, exist_ok=True)
        arguments = (tree, b"", _AT_FDCWD, os.fsencode(target), _MOVE_MOUNT_F_EMPTY_PATH)
        system_call("move_mount", _MOVE_MOUNT, *arguments)
        os.close(tree)
        for name in PACKAGES:
            hidden = Path(target, name)
            if hidden.is_dir():
                _mount_empty(mount, str(hidden))
                _restrict(_AT_FDCWD, os.fsencode(hidden), 0, _NOEXEC)
    os.chdir(_PLACE)
    system_call("pivot_root", _PIVOT_ROOT[machine], b".", b".")
    system_call("umount", _UMOUNT[machine], b".", _MNT_DETACH)
    os.chdir("/")
    _restrict(_AT_FDCWD, b"/", 0, _NOEXEC)


def _mount_empty(mount: int, path: str) -> None:
    system_call("mount", mount, b"none", os.fsencode(path), b"tmpfs", 0, b"size=64k,mode=755")


def _read_only_copy(path: str) -> int:
    """A mount of a folder and of what is mounted below it, which stands nowhere yet."""
    flags = _OPEN_TREE_CLONE | _CLOEXEC | _AT_RECURSIVE
    tree = system_call("open_tree", _OPEN_TREE, _AT_FDCWD, os.fsencode(path), flags)
    _restrict(tree, b"", _AT_EMPTY_PATH | _AT_RECURSIVE)
    return tree


def _restrict(folder: int, path: bytes, flags: int, more: int = 0) -> None:
    """Makes a mount read-only, without devices and without programs that change the user."""
    attributes = (ctypes.c_uint64 * 4)(_RDONLY | _NOSUID | _NODEV | more, 0, 0, 0)
    size = ctypes.sizeof(attributes)
    system_call(
        "mount_setattr", _MOUNT_SETATTR, folder, path, flags, ctypes.byref(attributes), size
    )
