"""What the README shows really works."""

import io
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import gymnasium
import pytest

from automem_gym.commands import COMMANDS as PLAY
from benchmarks.commands import COMMANDS as BENCHMARKS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def executed(block: str, **names: Any) -> tuple[dict[str, Any], str]:
    """Runs a block; gives its names and what it printed."""
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(block, "README.md", "exec"), names)
    return names, out.getvalue()


def test_the_first_example_prints_what_it_says() -> None:
    names, printed = executed(BLOCKS[0])
    for line in BLOCKS[0].splitlines():
        said = re.search(r"# ([A-Za-z]+ ?[a-z.]+md.*)", line)
        assert said is None or said[1].replace("), ", ")\n") in printed
    assert "language observation:" in printed
    names["env"].close()


def test_the_policy_plays() -> None:
    names, _ = executed(BLOCKS[1])
    env = gymnasium.make("automem_gym:AutoMem-NetHack-v0")
    observation, info = env.reset(seed=1)
    *_, info = env.step(names["policy"](observation, info))
    assert info["executed_action"] == "far east"
    env.close()


def test_the_wrapper_wraps() -> None:
    class Words(gymnasium.Env[str, str]):
        observation_space = action_space = gymnasium.spaces.Text(100)

        def reset(self, **_: Any) -> tuple[str, dict[str, Any]]:
            return "hello", {}

    lake = gymnasium.make("FrozenLake-v1", is_slippery=False)
    names, _ = executed(BLOCKS[2], my_text_env=Words(), lake=lake)
    assert names["env"].reset(seed=1)[0]["observation"] == "You are in cell 0."


def test_every_command_is_there() -> None:
    shown = set(re.findall(r"^automem (\w+)", README, re.MULTILINE))
    assert shown == {*PLAY, *BENCHMARKS} - {"speed"}


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_every_link_leads_somewhere(target: str) -> None:
    assert target.startswith("https://") or (Path(__file__).parents[1] / target).exists()
