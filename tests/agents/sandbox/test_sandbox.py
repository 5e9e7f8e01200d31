"""What the sandbox does for who uses it."""

import contextlib
import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from agents.sandbox import (
    CodeError,
    Confinement,
    ConfinementError,
    Sandbox,
    SandboxError,
    StoppedError,
)
from tests.agents.sandbox.conftest import Make

ECHO = "def echo(*all): return list(all)\n"


def test_json_goes_in_and_comes_out(make: Make) -> None:
    sandbox = make(ECHO)
    values = [None, True, 3, -2.5, "\u00e9\n\0", "\ud800 alone", {"a": [{}]}, 2**70, "x" * 300_000]
    assert sandbox.call("echo", values) == values
    assert sandbox.call("echo", []) == []


def test_no_call_finds_anything_of_another(make: Make) -> None:
    sandbox = make("""
import gc, json, math
seen = []
def remember(text):
    seen.append(text)
    math.kept = json.kept = text
    __builtins__["kept"] = text
    return [len(seen), hasattr(math, "was")]
def search(start, end):
    text = start + end
    texts = [one for one in gc.get_objects() if isinstance(one, dict | list)]
    found = [str(one)[:80] for one in texts if text in [*one, *getattr(one, "values", list)()]]
    return [hasattr(math, "kept"), "kept" in __builtins__, seen, found]
""")
    assert sandbox.call("remember", ["the secret"]) == [1, False]
    assert sandbox.call("remember", ["the secret"]) == [1, False]
    assert sandbox.call("search", ["the s", "ecret"]) == [False, False, [], []]


def test_memory_that_other_calls_had_is_empty(make: Make) -> None:
    sandbox = make("""
import ctypes, os
def give(text): return text
def search(start, end, call):
    text, found = (start + end).encode(), 0
    # All memory around an object, page by page. The kernel says which can be read: it looks at the
    # set of signals before it finds that 99 is no way to change it (22, and not 14).
    libc = ctypes.CDLL(None, use_errno=True)
    page = id(object()) & ~4095
    readable = lambda page: libc.syscall(call, 99, ctypes.c_void_p(page), None, 8) and (
        ctypes.get_errno() == 22
    )
    for page in range(page - 2**26, page + 2**26, 4096):
        if readable(page):
            found += ctypes.string_at(page, 4096).count(text)
    return found
""")
    call = 14 if os.uname().machine == "x86_64" else 135
    own = sandbox.call("search", ["never given ", "before", call])
    assert own  # at least the text that was put together to be searched for
    secret = "the secret of another call " * 300
    assert sandbox.call("give", [secret]) == secret
    assert sandbox.call("search", ["the secret of", " another call", call]) == own


def test_the_same_call_gives_the_same(make: Make) -> None:
    source = "def order(): return list({f'key {n}' for n in range(50)})\n"
    one = make(source).call("order", [])
    assert one == make(source).call("order", [])


def test_look(make: Make) -> None:
    sandbox = make("TABLE = {'a': 1}\ndef f(x): pass\ndef g(x): pass\nh = 3\n")
    found = sandbox.look({"f": 1, "g": 2, "h": 0, "i": 0}, ["TABLE", "OTHER"])
    assert found["values"] == {"TABLE": {"a": 1}}
    problems = found["functions"]
    assert problems.keys() == {"f", "g", "h"}
    assert problems["f"] == ""
    assert "too many positional arguments" in problems["g"]
    assert "not a callable" in problems["h"]


@pytest.mark.parametrize(
    "answer",
    [
        "3",
        "[]",
        "{}",
        '{"functions": {}}',
        '{"functions": [], "values": {}}',
        '{"functions": {"f": 3}, "values": {}}',
        '{"functions": {"other": ""}, "values": {}}',
        '{"functions": {}, "values": {"other": 3}}',
        '{"functions": {"f": null}, "values": {}}',
    ],
)
def test_a_look_that_is_forged(make: Make, answer: str) -> None:
    sandbox = make(f"import os\nos.write(3, b'V' + {answer!r}.encode()); os._exit(0)\n")
    with pytest.raises(StoppedError, match="tampered"):
        sandbox.look({"f": 1}, ["TABLE"])


def test_what_speaks_against_a_function_can_be_forged_and_steers_nothing(make: Make) -> None:
    answer = '{"functions": {"f": "\\u001b[2J' + "x" * 9999 + '"}, "values": {}}'
    sandbox = make(f"import os\nos.write(3, b'V' + {answer!r}.encode()); os._exit(0)\n")
    told = sandbox.look({"f": 1}, [])["functions"]["f"]
    assert told.isprintable()
    assert len(told) <= 500


def test_errors_say_where_and_what(make: Make) -> None:
    sandbox = make("def f(x):\n    y = 1\n    return _g(x)\n\ndef _g(x):\n    return 1 / x\n")
    with pytest.raises(CodeError) as raised:
        sandbox.call("f", [0])
    assert (raised.value.line, raised.value.step) == (6, "f")
    assert raised.value.reason == "ZeroDivisionError: division by zero"
    with pytest.raises(CodeError, match="line 1: in g: KeyError: 'g'"):
        sandbox.call("g", [0])


@pytest.mark.parametrize(
    ("source", "line", "expected"),
    [
        ("x = 1\ndef f(:\n", 2, "SyntaxError"),
        ("\n\n1 / 0\n", 3, "ZeroDivisionError"),
        ("import numpy\n", 1, "ModuleNotFoundError"),
        ("exit = 1\nraise SystemExit\n", 2, "SystemExit"),
        ("-" * 100_000 + "1", 1, "RecursionError|MemoryError"),
    ],
)
def test_code_that_cannot_be_run(make: Make, source: str, line: int, expected: str) -> None:
    sandbox = make(source)
    for _ in range(2):
        with pytest.raises(CodeError, match=expected) as raised:
            sandbox.call("f", [])
        assert raised.value.line == line
        assert raised.value.step == "its code"


def test_after_a_death_the_next_call_works(make: Make) -> None:
    sandbox = make("import os, time\ndef f(way): way and eval(way)\n", seconds=0.3)
    for way in ("os._exit(3)", "time.sleep(100)", "[][0]", "os.write(3, b'x')"):
        with pytest.raises(SandboxError):
            sandbox.call("f", [way])
        assert sandbox.call("f", [""]) is None


def test_after_some_deaths_no_further_call_is_made(make: Make) -> None:
    sandbox = make("import os\ndef f(way): return way and os._exit(0)\n", deaths=3)
    for _ in range(3):
        assert sandbox.call("f", [0]) == 0
        with pytest.raises(StoppedError, match="without an answer"):
            sandbox.call("f", [1])
    with pytest.raises(StoppedError, match="had to be stopped 3 times, and is called no more"):
        sandbox.call("f", [0])
    sandbox.forgive()
    assert sandbox.call("f", [0]) == 0


def test_errors_are_no_deaths(make: Make) -> None:
    sandbox = make("def f(): raise ValueError\n", deaths=1)
    for _ in range(3):
        with pytest.raises(CodeError):
            sandbox.call("f", [])


def test_too_much_is_not_sent(make: Make) -> None:
    sandbox = make(ECHO, message_bytes=1000)
    assert sandbox.call("echo", ["x" * 500]) == ["x" * 500]
    with pytest.raises(SandboxError, match="are more than the 1,000 it may get"):
        sandbox.call("echo", ["x" * 1000])
    assert sandbox.call("echo", []) == []


def test_too_much_is_not_taken(make: Make) -> None:
    sandbox = make("def f(n): return 'x' * n\n", message_bytes=1000)
    # A letter for what it is, and two quotation marks.
    assert len(sandbox.call("f", [997])) == 997
    with pytest.raises(StoppedError, match="returned more than 1,000 bytes"):
        sandbox.call("f", [998])


def test_what_is_no_json_is_a_mistake_of_the_caller(make: Make) -> None:
    with pytest.raises(TypeError):
        make(ECHO).call("echo", [object()])


def test_after_an_interruption_no_answer_is_taken_for_another(make: Make) -> None:
    sandbox = make("import time\ndef f(n):\n    time.sleep(0.3 * (n == 1))\n    return n\n")
    assert sandbox.call("f", [0]) == 0

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(KeyboardInterrupt):
            sandbox.call("f", [1])
    finally:
        signal.signal(signal.SIGALRM, before)
    assert sandbox.call("f", [2]) == 2


def test_its_process_is_started_anew_where_it_was_killed(make: Make) -> None:
    sandbox = make(ECHO)
    before = descendants(os.getpid())
    assert sandbox.call("echo", [1]) == [1]
    for pid in descendants(os.getpid()) - before:
        kill(pid)
    assert sandbox.call("echo", [2]) == [2]


def test_nothing_runs_on_when_it_is_closed_or_gone(make: Make) -> None:
    before = descendants(os.getpid())
    sandbox = make(ECHO)
    sandbox.call("echo", [])
    assert descendants(os.getpid()) - before
    sandbox.close()
    assert wait_for(lambda: not descendants(os.getpid()) - before)
    assert sandbox.call("echo", [3]) == [3]
    sandbox.close()
    Sandbox(ECHO, "code.py").call("echo", [])
    gc.collect()
    assert wait_for(lambda: not descendants(os.getpid()) - before)


@pytest.mark.parametrize("busy", [False, True])
def test_nothing_runs_on_when_its_user_is_killed(make: Make, busy: bool) -> None:
    make(ECHO)  # skips where nothing can be confined
    call = "s.call('hang', [])" if busy else "time.sleep(100)"
    program = f"""
import threading, time
from agents.sandbox import Sandbox
s = Sandbox("import time\\ndef f(): pass\\ndef hang(): time.sleep(100)\\n", "code.py")
s.call("f", [])
threading.Timer(0.2, print, ["ready"], {{"flush": True}}).start()
{call}
"""
    root = Path(__file__).parents[3]
    user = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert user.stdout
    assert user.stdout.readline() == "ready\n"
    started = descendants(user.pid)
    assert len(started) >= 2
    user.kill()
    user.wait()
    user.stdout.close()
    assert wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))


def test_many_threads_can_use_one(make: Make) -> None:
    sandbox = make(ECHO)
    wrong: list[Any] = []

    def use(number: int) -> None:
        for n in range(20):
            if sandbox.call("echo", [number, n]) != [number, n]:
                wrong.append(n)

    threads = [threading.Thread(target=use, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_many_are_open_at_once(make: Make) -> None:
    # Pipes that wait to be taken are counted for all of them: 64 were once too many.
    sandboxes = [make("def run(x): return x") for _ in range(40)]
    for number, sandbox in enumerate(sandboxes):
        assert sandbox.call("run", [number]) == number


def test_a_copy_of_this_process_has_a_sandbox_of_its_own(make: Make) -> None:
    sandbox = make(ECHO)
    sandbox.call("echo", [])
    copy = os.fork()
    if not copy:
        right = sandbox.call("echo", [1]) == [1]
        sandbox.close()
        os._exit(0 if right else 1)
    assert os.waitpid(copy, 0)[1] == 0
    assert sandbox.call("echo", [2]) == [2]


def test_a_machine_that_cannot_confine_it_does_not_run_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Confinement(("landlock",), {"seccomp": "not here", "namespaces": "forbidden"})
    monkeypatch.setattr("agents.sandbox.sandbox.confinement", lambda: found)
    with pytest.raises(ConfinementError) as raised:
        Sandbox(ECHO, "code.py")
    assert str(raised.value) == (
        "this machine cannot keep it from the network and other processes "
        "(seccomp: not here; namespaces: forbidden)"
    )


def test_errors_can_be_sent_to_other_processes() -> None:
    error = pickle.loads(pickle.dumps(CodeError("f", "x", 3)))
    assert (error.step, error.reason, error.line) == ("f", "x", 3)


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it died with the one before
        os.kill(pid, signal.SIGKILL)


def descendants(pid: int) -> set[int]:
    found: set[int] = set()
    left = [pid]
    while left:
        try:
            tasks = [*Path(f"/proc/{left.pop()}/task").iterdir()]
            children = [int(one) for t in tasks for one in (t / "children").read_text().split()]
        except OSError:
            continue
        left += children
        found |= {*children}
    return found


def wait_for(holds: Any) -> bool:
    end = time.monotonic() + 5
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
