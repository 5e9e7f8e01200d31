"""What the README shows really works."""

import io
import random
import re
import sys
import types
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import gymnasium
import pytest

from agents import as_decision, load_agent
from agents.commands import COMMANDS as SCAFFOLDS
from automem_gym.commands import COMMANDS as PLAY
from benchmarks.commands import COMMANDS as BENCHMARKS
from training.commands import COMMANDS as TRAINING

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
FIRST, AGENTS, MEMORY, WRAPPER, WRAPPERS = BLOCKS


def executed(block: str, **names: Any) -> tuple[dict[str, Any], str]:
    """Runs a block; gives its names and what it printed."""
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(block, "README.md", "exec"), names)
    return names, out.getvalue()


def test_the_first_example_prints_what_it_says() -> None:
    names, printed = executed(FIRST)
    assert "# APPEND map.md: added; 1 line now" in FIRST
    assert "APPEND map.md: added; 1 line now\n" in printed
    assert "# the index: map.md (1 line, 45 chars, turn 1), and notes.md" in FIRST
    assert "notes.md (0 lines, 0 chars)\nmap.md (1 line, 45 chars, turn 1)\n" in printed
    assert "language observation:" in printed
    names["env"].close()


@pytest.mark.parametrize("name", ["policy", "Walker"])
def test_the_agents_play(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names, _ = executed(AGENTS, random=random)
    module = types.ModuleType("my_module")
    module.__dict__.update(names)
    monkeypatch.setitem(sys.modules, "my_module", module)
    agent = load_agent(f"my_module:{name}")
    env = gymnasium.make("automem_gym:AutoMem-NetHack-v0")
    observation, info = env.reset(seed=1)
    agent.reset(observation, info, seed=1)
    *_, info = env.step(as_decision(agent.act(observation, info)).action)
    assert info["executed_action"] in ("far east", "far south", "search")
    env.close()


def test_the_memory_remembers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    replies = ["<|APPEND|>map.md|stairs west<|END|>", "<|APPEND|>map.md|door east<|END|>"]
    _, printed = executed(MEMORY, replies=replies)
    assert "APPEND map.md: added; 2 lines now\n{'map.md': 'stairs west\\n'}\n" in printed
    assert "+door east\n" in printed
    assert "Origin(turn=2, command=0, line='door east')" in printed


def test_the_wrapper_wraps() -> None:
    class Words(gymnasium.Env[str, str]):
        observation_space = action_space = gymnasium.spaces.Text(100)

        def reset(self, **_: Any) -> tuple[str, dict[str, Any]]:
            return "hello", {}

    lake = gymnasium.make("FrozenLake-v1", is_slippery=False)
    names, _ = executed(WRAPPER, my_text_env=Words(), lake=lake)
    assert names["env"].reset(seed=1)[0]["observation"] == "You are in cell 0."


def test_the_other_wrappers_wrap() -> None:
    names, _ = executed(WRAPPERS, gymnasium=gymnasium)
    assert names["text"].reset(seed=1)[0].startswith("[observation]")
    names["structured"].reset(seed=1)
    *_, info = names["structured"].step({"kind": 0, "action": 5})
    assert info["executed_action"] == "Do"
    names["discrete"].reset(seed=1)
    assert names["discrete"].step(17)[0]["memory"].startswith("TAIL map.md")
    names["env"].close()


def test_every_command_is_there() -> None:
    shown = set(re.findall(r"^automem (\w+)", README, re.MULTILINE))
    assert shown == {*PLAY, *SCAFFOLDS, *BENCHMARKS, *TRAINING} - {"speed", "pair"}


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_every_link_leads_somewhere(target: str) -> None:
    assert target.startswith("https://") or (Path(__file__).parents[1] / target).exists()
