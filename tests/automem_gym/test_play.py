import io
from pathlib import Path

import pytest

from automem_gym import AutoMemEnv
from automem_gym.commands import COMMANDS, main
from automem_gym.play import play


def played(env: AutoMemEnv, *lines: str) -> str:
    out = io.StringIO()
    play(env, 3, io.StringIO("".join(f"{line}\n" for line in lines)), out)
    return out.getvalue()


def test_a_person_sees_what_an_agent_sees(env: AutoMemEnv) -> None:
    text = played(env, "e", "<|APPEND|>notes.md|hello<|END|>", "/files", "/help", "", "/quit")
    assert "You walk east." in text
    assert "[memory]\nAPPEND notes.md: added; 1 line now" in text
    assert "== notes.md\nhello" in text
    assert text.count("actions: west, east, read, dial 0") == 1
    assert text.count("/help lists the actions") == 2
    assert text.endswith("left at step 1, return 0\n")


@pytest.mark.parametrize("typo", ["quit", "/foo", "esat", "dial", ""])
def test_a_typing_error_costs_no_step(env: AutoMemEnv, typo: str) -> None:
    assert played(env, typo, "/quit").endswith("left at step 0, return 0\n")


def test_rewards_are_added_up(env: AutoMemEnv) -> None:
    env.reset(seed=3)
    code = env.game._code  # type: ignore[attr-defined]
    text = played(env, *(f"dial {digit}" for digit in code))
    assert "reward 0.25" in text
    assert text.endswith("the episode is over: solved, return 1\n")


def test_the_end_of_the_episode_or_of_the_input_ends_the_play(env: AutoMemEnv) -> None:
    assert "left at step 1" in played(env, "east")
    wrong = [f"dial {digit}" for digit in (0, 1, 0, 1, 0, 1)]
    assert "the episode is over: died" in played(env, *wrong)


def test_the_command_keeps_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("<|APPEND|>notes.md|kept<|END|>\n"))
    arguments = ["play", "AutoMem-Vault-v0", "--seed", "1", "--env-arg", "rooms=6", "--render"]
    assert main(COMMANDS, [*arguments, "--memory-dir", str(tmp_path / "m")]) == 0
    assert (tmp_path / "m" / "notes.md").read_text() == "kept\n"
    assert "[@" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO("<|APPEND|>notes.md|and more<|END|>\n"))
    assert main(COMMANDS, [*arguments, "--memory-dir", str(tmp_path / "m")]) == 0
    assert (tmp_path / "m" / "notes.md").read_text() == "kept\nand more\n"


def test_mistakes_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["plya"], ["play"], ["play", "X", "--env-arg", "rooms"]):
        with pytest.raises(SystemExit) as stop:
            main(COMMANDS, arguments)
        assert stop.value.code == 2
    assert "'rooms' is not of the form KEY=VALUE" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["AutoMem-Vautl-v0"], "Did you mean: `AutoMem-Vault`"),
        (["AutoMem-Vault-v0", "--env-arg", "rums=3"], "Did you mean 'rooms'"),
        (["AutoMem-Vault-v0", "--env-arg", "rooms=3"], "rooms is at least 5"),
        (["AutoMem-Vault-v0", "--seed", "-1"], "Seed must be greater"),
        (["FrozenLake-v1"], "has no memory; wrap it in"),
        (["nowhere:AutoMem-Vault-v0"], "No module named"),
    ],
)
def test_a_mistake_is_answered_in_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(COMMANDS, ["play", *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.startswith("automem play: ")
    assert "Traceback" not in error


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(COMMANDS, ["--version"])
    assert capsys.readouterr().out.startswith("automem-gym 0.")
