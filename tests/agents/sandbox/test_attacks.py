"""What hostile code tries. Each attack says what it could do: nothing, where the sandbox holds."""

import os
import signal
import socket
from pathlib import Path

import pytest

from agents.sandbox import CodeError, SandboxError, StoppedError
from tests.agents.sandbox.conftest import Make, Run

#: Does everything in a list of expressions, and returns those that did not fail.
TRY = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)

def succeeded(**attempts):
    found = []
    for name, attempt in attempts.items():
        try:
            result = attempt()
        except BaseException as error:
            continue
        if result is None or result is True or result != -1:
            found.append(f"{name}: {result!r:.100}")
    return found
"""


def test_no_file_is_read(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the key")
    reached = run(
        f"""{TRY}
def attack(secret, home, files, package, parent):
    return succeeded(
        secret=lambda: open(secret).read(),
        libc=lambda: libc.open(secret.encode(), 0),
        listing=lambda: [n for n in os.listdir(home) if f"/{{n}}/" not in os.__file__] or -1,
        home=lambda: [open(file) for file in files] if files else -1,
        users=lambda: open("/etc/passwd").read(),
        package=lambda: open(package).read(),
        environment=lambda: open(f"/proc/{{parent}}/environ", "rb").read(),
        own_environment=lambda: open("/proc/self/environ", "rb").read(),
        memory=lambda: open(f"/proc/{{parent}}/mem", "rb"),
        files=lambda: os.listdir(f"/proc/{{parent}}/fd"),
        pipe=lambda: open(f"/proc/{{parent}}/fd/1", "wb"),
        creator=lambda: open(f"/proc/{{os.getppid()}}/fd/3", "rb"),
        processes=lambda: os.listdir("/proc"),
        kernel=lambda: os.listdir("/sys"),
        device=lambda: open("/dev/zero", "rb"),
        temporary=lambda: os.listdir("/tmp/.."),
        up=lambda: open("../../../../" + secret),
        through_library=lambda: open(os.path.dirname(os.__file__) + "/.." * 9 + secret),
    )
""",
        str(secret),
        str(Path.home()),
        [str(path) for path in Path.home().iterdir() if path.is_file()],
        __file__,
        os.getpid(),
    )
    # The root may be listed: it holds nothing but the standard library then.
    assert [one for one in reached if not one.startswith("temporary: ['")] == []


def test_of_the_root_nothing_is_seen_but_the_library(run: Run) -> None:
    try:
        found = run("import os\ndef attack(): return os.listdir('/')\n")
    except CodeError as error:
        assert "PermissionError" in error.reason  # noqa: PT017
    else:
        assert len(found) == 1
        assert f"/{found[0]}/" in os.__file__


def test_no_package_is_read(run: Run) -> None:
    found = run(
        f"""{TRY}
def attack(places):
    sys.path += places
    return succeeded(ours=lambda: __import__("memory_fs"), numpy=lambda: __import__("numpy"))
""",
        [str(Path(__file__).parents[3]), *{str(Path(np).parents[1]) for np in [pytest.__file__]}],
    )
    assert found == []


def test_nothing_is_written(run: Run, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("whole")
    before = _rights(victim)
    reached = run(
        f"""{TRY}
def attack(victim, place):
    library = os.path.dirname(os.__file__)
    return succeeded(
        victim=lambda: open(victim, "w"),
        append=lambda: open(victim, "a"),
        new=lambda: open(place + "/new", "w"),
        here=lambda: open("new", "w"),
        root=lambda: open("/new", "w"),
        temporary=lambda: __import__("tempfile").TemporaryFile(),
        library=lambda: open(library + "/new.py", "w"),
        json=lambda: open(library + "/json/__init__.py", "a"),
        folder=lambda: os.mkdir(place + "/folder"),
        link=lambda: os.symlink("/etc/passwd", place + "/link"),
        hard_link=lambda: os.link(victim, place + "/link"),
        remove=lambda: os.remove(victim),
        rename=lambda: os.rename(victim, place + "/renamed"),
        rights=lambda: os.chmod(victim, 0o777),
        owner=lambda: os.chown(victim, 1, 1),
        times=lambda: os.utime(victim, (1, 1)),
        cut=lambda: os.truncate(victim, 0),
        attribute=lambda: os.setxattr(victim, "user.x", b"x"),
        memory_file=lambda: os.memfd_create("x"),
        shared=lambda: open("/dev/shm/x", "w"),
        pipe=lambda: os.mkfifo(place + "/pipe"),
        device=lambda: os.mknod(place + "/device"),
    )
""",
        str(victim),
        str(tmp_path),
    )
    assert reached == []
    assert list(tmp_path.iterdir()) == [victim]
    assert victim.read_text() == "whole"
    assert _rights(victim) == before


def _rights(path: Path) -> tuple[float, ...]:
    found = path.stat()
    return found.st_mode, found.st_uid, found.st_gid, found.st_nlink, found.st_size, found.st_mtime


def test_links_lead_nowhere(run: Run, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "secret").write_text("x")
    (tmp_path / "hard").hardlink_to(tmp_path / "secret")
    reached = run(
        f"""{TRY}
def attack(place):
    return succeeded(
        link=lambda: open(place + "/link").read(),
        hard=lambda: open(place + "/hard").read(),
        read=lambda: os.readlink(place + "/link") if os.path.exists("/usr") else None.x,
        made=lambda: os.symlink("/etc", "etc") or open("etc/passwd"),
        process=lambda: open("/proc/self/root/etc/passwd"),
        descriptor=lambda: open("/proc/self/fd/0", "wb"),
        folder=lambda: open("/proc/self/cwd/etc/passwd"),
        change=lambda: os.chroot("/"),
        leave=lambda: [os.chdir(".."), open("etc/passwd")],
    )
""",
        str(tmp_path),
    )
    # A link can be looked at where the files are merely shut, and not hidden: see docs/sandbox.md.
    assert [one for one in reached if not one.startswith("read:")] == []


def test_there_is_no_network(run: Run, tmp_path: Path) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    abstract = socket.socket(socket.AF_UNIX)
    abstract.bind(f"\0automem-{os.getpid()}")
    abstract.listen()
    with listener, abstract:
        reached = run(
            f"""{TRY}
import socket
def unix(name):
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(name)
def attack(port, name):
    return succeeded(
        tcp=lambda: socket.create_connection(("127.0.0.1", port), 1),
        listen=lambda: socket.create_server(("127.0.0.1", 0)),
        udp=lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 53)),
        names=lambda: socket.getaddrinfo("localhost", 80, socket.AF_INET6) and None.x,
        unix=lambda: unix(name),
        pair=lambda: socket.socketpair(),
        packets=lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
        kernel=lambda: socket.socket(16, socket.SOCK_RAW),
        libc=lambda: libc.socket(2, 1, 0),
        ring=lambda: libc.syscall(425, 8, bytes(120)),
    )
""",
            listener.getsockname()[1],
            f"\0automem-{os.getpid()}",
        )
    assert reached == []


def test_no_process_is_started(run: Run) -> None:
    reached = run(
        f"""{TRY}
import subprocess, threading
def attack():
    return succeeded(
        fork=lambda: os.fork(),
        vfork=lambda: libc.syscall(58),
        clone=lambda: libc.syscall(56, 17, 0, 0, 0, 0),
        clone3=lambda: libc.syscall(435, bytes(88), 88),
        thread=lambda: threading.Thread(target=print).start(),
        spawn=lambda: os.posix_spawn("/bin/true", ["true"], {{}}),
        shell=lambda: os.system("true") == 0 or -1,
        program=lambda: subprocess.run(["true"]),
        replace=lambda: os.execv("/bin/true", ["true"]),
        python=lambda: os.execv(sys.executable, ["python"]),
        pool=lambda: __import__("multiprocessing").Pool(1),
    )
"""
    )
    assert reached == []


def test_a_fork_bomb_is_none(run: Run) -> None:
    source = """
import os
def attack():
    bred = 0
    for _ in range(1000):
        try:
            bred += os.fork() != 0
        except OSError:
            pass
    return bred
"""
    assert run(source) == 0


def test_other_processes_are_not_touched(run: Run) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGUSR1, lambda number, _: heard.append(number))
    try:
        reached = run(
            f"""{TRY}
def attack(parent):
    return succeeded(
        parent=lambda: os.kill(parent, 10),
        creator=lambda: os.kill(os.getppid(), 0),
        all=lambda: os.kill(-1, 0),
        group=lambda: os.killpg(0, 0),
        queue=lambda: libc.syscall(129, parent, 10, bytes(128)),
        thread=lambda: libc.syscall(234, parent, parent, 0),
        trace=lambda: libc.syscall(101, 16, parent, 0, 0),
        read=lambda: libc.syscall(310, parent, bytes(16), 1, bytes(16), 1, 0),
        handle=lambda: libc.syscall(434, parent, 0),
        owner=lambda: libc.fcntl(3, 8, parent),
        limit=lambda: libc.syscall(302, parent, 0, bytes(16), 0),
        priority=lambda: os.setpriority(os.PRIO_PROCESS, parent, 19),
        affinity=lambda: os.sched_setaffinity(parent, [0]),
    )
""",
            os.getpid(),
        )
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert reached == []
    assert heard == []


def test_the_kernel_is_not_touched(run: Run) -> None:
    reached = run(
        f"""{TRY}
def attack():
    return succeeded(
        root=lambda: os.setuid(0),
        group=lambda: os.setgroups([0]),
        space=lambda: libc.unshare(0x10000000),
        enter=lambda: libc.setns(3, 0),
        mount=lambda: libc.mount(b"none", b"/", b"tmpfs", 0, 0),
        program=lambda: libc.syscall(321, 0, bytes(128), 128),
        keys=lambda: libc.syscall(248, b"user", b"x", b"x", 1, -3),
        watch=lambda: libc.syscall(298, bytes(128), 0, -1, -1, 0),
        faults=lambda: libc.syscall(323, 0),
        name=lambda: libc.sethostname(b"x", 1),
        limit=lambda: __import__("resource").setrlimit(7, (9999, 9999)),
        personality=lambda: libc.personality(0x0040000),
        dump=lambda: libc.prctl(4, 1, 0, 0, 0),
        filter=lambda: libc.prctl(22, 0, 0, 0, 0),
        old_call=lambda: libc.syscall(0x40000000 + 41, 2, 1, 0),
    )
"""
    )
    assert reached == []


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="a trick of x86-64")
def test_the_calls_of_another_machine_are_deadly(run: Run) -> None:
    source = """
import ctypes, mmap
def attack():
    code = mmap.mmap(-1, 4096, prot=7)
    code.write(b"\\xb8\\x14\\0\\0\\0\\xcd\\x80\\xc3")  # getpid, as on 32 bits
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    return ctypes.CFUNCTYPE(ctypes.c_long)(address)()
"""
    with pytest.raises(StoppedError, match="Bad system call"):
        run(source)


def test_no_file_is_open_but_the_answer(run: Run) -> None:
    found = run(
        """
import os
def attack():
    found = {}
    for number in range(200):
        try:
            found[number] = oct(os.fstat(number).st_mode)
        except OSError:
            pass
    for number in (0, 1, 2):
        try:
            os.write(number, b"forged")
        except OSError:
            pass
    return found
"""
    )
    assert {"0", "1", "2", "3"} == found.keys()
    # Three times the null device, and the pipe for the answer.
    assert {found["0"], found["1"], found["2"]} == {oct(Path(os.devnull).stat().st_mode)}
    assert found["3"].startswith("0o10")


def test_memory_is_limited(run: Run) -> None:
    for way in ("bytearray(10**10)", "[bytearray(10**7) for _ in range(10**4)]", "'x' * 10**10"):
        with pytest.raises(CodeError, match="MemoryError"):
            run(f"def attack(): return len({way})\n")


def test_memory_outside_of_the_limit_is_not_to_be_had(run: Run) -> None:
    reached = run(
        f"""{TRY}
import mmap
def attack():
    return succeeded(
        shared=lambda: mmap.mmap(-1, 10**9),
        segment=lambda: libc.shmget(0, 10**9, 0o1600),
        locked=lambda: libc.mlockall(3),
        semaphore=lambda: libc.semget(0, 100, 0o1600),
        queue=lambda: libc.msgget(0, 0o1600),
        pipes=lambda: os.pipe(),
    )
"""
    )
    assert reached == []


@pytest.mark.parametrize("way", ["while True: pass", "10**(10**8)", "sum(range(10**12))"])
def test_computing_for_ever(make: Make, way: str) -> None:
    sandbox = make(f"def attack():\n    {way}\n", cpu_seconds=1)
    with pytest.raises(StoppedError, match="computed for longer than 1 s and was stopped"):
        sandbox.call("attack", [])


def test_a_signal_that_ends_it_can_only_be_ignored_for_a_second(make: Make) -> None:
    source = (
        "import signal\nsignal.signal(24, signal.SIG_IGN)\ndef attack():\n    while True: pass\n"
    )
    sandbox = make(source, cpu_seconds=1)
    with pytest.raises(StoppedError, match="killed"):
        sandbox.call("attack", [])


def test_waiting_for_ever(run: Run) -> None:
    with pytest.raises(StoppedError, match=r"took longer than 0.3 s and was stopped"):
        run("import time\ndef attack(): time.sleep(1000)\n", seconds=0.3)


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_code_that_does_not_listen(run: Run, size: int) -> None:
    with pytest.raises(StoppedError, match=r"took longer than 0.3 s and was stopped"):
        run("import time\ntime.sleep(1000)\n", "x" * size, seconds=0.3)
    with pytest.raises(StoppedError, match=r"took longer than 0.3 s and was stopped"):
        run("import os, time\nos.close(4)\ntime.sleep(1000)\n", "x" * size, seconds=0.3)


def test_code_that_takes_the_request_has_its_own_alone(run: Run) -> None:
    source = """
import json, os
request = os.read(4, 100_000)  # its length stands before it
os.write(3, b"V" + json.dumps(request[4:].decode()).encode())
os._exit(0)
"""
    assert run(source, "x") == '{"name": "attack", "arguments": ["x"]}'


def test_printing_gigabytes(make: Make) -> None:
    source = """
import sys
def attack():
    for _ in range(1000):
        print("x" * 1_000_000)
        print("x" * 1_000_000, file=sys.stderr)
    return "done"
"""
    assert make(source, cpu_seconds=20).call("attack", []) == "done"


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("return 'x' * 10_000_000", "returned more than 4,000,000 bytes"),
        ("while True: os.write(3, b'x' * 100_000)", "returned more than 4,000,000 bytes"),
        ("os._exit(0)", r"ended without an answer \(status 0\)"),
        ("os._exit(77)", r"ended without an answer \(status 77\)"),
        ("os.close(3); time.sleep(100)", "closed its answer without having given one"),
        ("ctypes.string_at(0)", r"killed \(Segmentation fault\)"),
        ("os.write(3, b'V' + b'[' * 1_000_000); os._exit(0)", "no plain JSON"),
        ("os.write(3, b'V' + b'[' * 300 + b']' * 300); os._exit(0)", "no plain JSON"),
        ("os.write(3, b'VNaN'); os._exit(0)", "no plain JSON"),
        ("os.write(3, b'V1e999'); os._exit(0)", "no plain JSON"),
        ("os.write(3, b'V-Infinity'); os._exit(0)", "no plain JSON"),
        ("os.write(3, b'V' + b'9' * 10_000); os._exit(0)", "no plain JSON"),
        ("os.write(3, b'V\"\\xff\\xfe\"'); os._exit(0)", "no plain JSON"),
        ("os.write(3, b'V'); os._exit(0)", "no plain JSON"),
        ("os.write(3, b'V{}{}'); os._exit(0)", "no plain JSON"),
        ("os.write(3, b'E{}'); os._exit(0)", "no plain JSON"),
        ("os.write(3, b'E[1]'); os._exit(0)", "no plain JSON"),
        ('os.write(3, b\'E\' + b\'{"step":1,"line":1,"reason":""}\'); os._exit(0)', "no plain"),
        ("os.write(3, b'D\\xff'); os._exit(0)", "no plain JSON"),
        ("os.write(3, b'L{}'); os._exit(0)", "its answer is none"),
        ("os.write(3, b'R0'); os._exit(0)", "its answer is none"),
        ("os.write(3, b'\\0\\0\\0\\1A'); os._exit(0)", "no plain JSON"),
    ],
)
def test_answers_that_are_none(run: Run, way: str, expected: str) -> None:
    with pytest.raises(StoppedError, match=expected):
        run(f"import ctypes, os, time\ndef attack():\n    {way}\n")


@pytest.mark.parametrize("value", ["float('nan')", "float('inf')", "{1}", "b'x'", "object()"])
def test_values_that_are_no_json(run: Run, value: str) -> None:
    with pytest.raises(CodeError, match="what attack gave, which is no plain JSON"):
        run(f"def attack(): return {value}\n")


def test_a_message_steers_nothing_and_is_short(run: Run) -> None:
    source = "def attack(): raise ValueError('\\x1b[2J\\nhooks\\r\\ud800' + 'x' * 10**6)\n"
    with pytest.raises(CodeError) as raised:
        run(source)
    assert len(raised.value.reason) <= 500
    assert raised.value.reason.isprintable()
    assert raised.value.line == 1


def test_a_forged_error_is_its_own_text_alone(run: Run) -> None:
    forged = b'E{"step": "x\\n", "line": 999999999999, "reason": "\\u001b[0m"}'
    with pytest.raises(CodeError) as raised:
        run(f"import os\ndef attack():\n    os.write(3, {forged!r}); os._exit(0)\n")
    assert (raised.value.step, raised.value.line, raised.value.reason) == ("x", 1, "[0m")


def test_an_error_that_raises_when_it_is_shown(run: Run) -> None:
    source = """
class Sly(Exception):
    def __str__(self): raise SystemExit
def attack(): raise Sly
"""
    with pytest.raises(CodeError, match="Sly"):
        run(source)


def test_what_it_patches_stays_patched_nowhere(run: Run) -> None:
    import builtins
    import json

    source = """
import builtins, json, os, sys
for name, module in list(sys.modules.items()):
    if name.startswith(("agents", "json")):
        for key in list(vars(module)):
            if callable(getattr(module, key)) and not key.startswith("__"):
                setattr(module, key, lambda *all, **more: "patched")
builtins.len = builtins.print = lambda *all: 0
os.write = os._exit = os.close = lambda *all: 0
def attack(): return 1
"""
    kept = json.dumps, builtins.len, os.write
    with pytest.raises(SandboxError):
        run(source, seconds=0.5)
    assert kept == (json.dumps, builtins.len, os.write)
    assert run("def attack(): return [len([1, 2])]\n") == [2]


def test_the_machinery_of_our_package_is_not_there(run: Run) -> None:
    found = run("import sys\ndef attack(): return [m for m in sys.modules if 'sandbox' not in m]\n")
    assert not [name for name in found if name.startswith(("memory_fs", "automem", "benchmarks"))]


def test_the_environment_is_empty(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOMEM_API_KEY", "secret")
    found = run("import os\ndef attack(): return sorted(os.environ)\n")
    assert not {*found} - {"PYTHONHASHSEED", "LD_LIBRARY_PATH", "LC_CTYPE"}
