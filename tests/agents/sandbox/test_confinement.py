import sys

import pytest

from agents.sandbox import Confinement, ConfinementError, Sandbox, confinement
from agents.sandbox.confinement import LAYERS, PROBE

try_anew = confinement.__wrapped__


def test_each_layer_holds_or_is_missing_for_a_reason() -> None:
    found = confinement()
    assert {*found.layers, *found.missing} == {*LAYERS}
    assert all(found.missing.values())
    assert confinement() is found


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (LAYERS, ()),
        (("landlock", "seccomp"), ()),
        (("namespaces", "seccomp"), ()),
        (("namespaces", "landlock"), ("other processes",)),
        (("landlock",), ("the network", "other processes")),
        (("seccomp",), ("files",)),
        ((), ("files", "the network", "other processes")),
    ],
)
def test_what_is_open_without_some_layers(
    layers: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    found = Confinement(layers, {layer: "gone" for layer in LAYERS if layer not in layers})
    assert found.open == expected
    if expected:
        with pytest.raises(ConfinementError, match="gone"):
            found.check()
    else:
        found.check()


@pytest.mark.parametrize("lost", ["namespaces", "landlock"])
def test_a_layer_that_is_lost_is_told_once(lost: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = [layer for layer in confinement().layers if layer != lost]
    if len(here) < 2:
        pytest.skip(f"layers are missing here: {confinement().reasons}")
    # The call that makes the layer fails, as it does in many containers.
    if lost == "landlock":
        break_inside(monkeypatch, "landlock._CREATE", "-1")
    else:
        break_inside(monkeypatch, "namespaces._UNSHARE", "dict.fromkeys(namespaces._UNSHARE, -1)")
    with pytest.warns(RuntimeWarning, match=rf"confined by .* alone \({lost}: "):
        found = try_anew()
    assert found.layers == (*here,)
    assert found.missing[lost]


def test_without_its_filter_of_calls_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    break_inside(monkeypatch, "seccomp._MACHINES", "{}")
    found = try_anew()
    assert "seccomp" not in found.layers
    with pytest.raises(ConfinementError, match=r"cannot keep it from .*other processes"):
        found.check()


def test_a_layer_that_fails_later_is_no_downgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    if confinement().open:
        pytest.skip(f"code cannot be confined here: {confinement().reasons}")
    break_inside(monkeypatch, "seccomp._MACHINES", "{}")
    sandbox = Sandbox("def f(): return 1\n", "code.py")
    with pytest.raises(ConfinementError, match="seccomp failed"):
        sandbox.call("f", [])


def test_elsewhere_than_on_linux_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "plan9")
    found = try_anew()
    assert found.layers == ()
    with pytest.raises(ConfinementError, match="a part of Linux, and this is plan9"):
        found.check()


def test_the_probe_finds_what_is_open() -> None:
    sandbox = Sandbox(PROBE, "probe", layers=())
    assert sandbox.call("probe", [__file__]) == ["files", "the network"]
    sandbox.close()


def test_layers_that_only_seem_to_hold_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    break_inside(monkeypatch, "seccomp.Filter.install", "lambda self: None")
    break_inside(monkeypatch, "landlock.restrict", "lambda ruleset: None")
    break_inside(monkeypatch, "namespaces.enter", "lambda libraries: None")
    found = try_anew()
    assert found.layers == ()
    assert "could be reached all the same" in found.reasons


def break_inside(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Replaces something within the sandbox's process."""
    from agents.sandbox import child

    module, _, attribute = name.partition(".")
    program = child._PROGRAM.replace(
        "\nmain()\n",
        f"\nfrom agents.sandbox.inside import {module}\n{module}.{attribute} = {value}\nmain()\n",
    )
    monkeypatch.setattr(child, "_PROGRAM", program)
