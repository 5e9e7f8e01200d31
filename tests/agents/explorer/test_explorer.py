import gymnasium
import pytest

import examples.vault  # noqa: F401  (registers the id)
from agents import load_agent
from agents.explorer import Explorer
from agents.explorer.players import crafter, general

NOTHING = {"observation": "", "status": "", "memory": "", "files": ""}


def player_of(game):
    explorer = Explorer()
    explorer.reset(NOTHING, {"game": game, "actions": ("go",), "vocabulary": ()}, 0)
    return explorer._player


def test_a_game_with_a_player_of_its_own_is_played_by_it():
    assert isinstance(player_of("Crafter"), crafter.Explorer)


#: What a user may call a game; some are the names of modules of this package.
GAMES = ["Vault", "no such game", "a.b", "", "Quest", "Walk", "Path", "Notes", "Explorer"]


@pytest.mark.parametrize("game", [*GAMES, "Players", "Terminal", "Boxes", "__init__"])
def test_every_other_game_is_played_by_the_general_player(game):
    assert isinstance(player_of(game), general.Explorer)


@pytest.mark.parametrize("name", ["AutoMem-Vault-v0", "AutoMem-Crafter-v0"])
def test_the_seed_decides_everything(name):
    def play(seed):
        env = gymnasium.make(name)
        observation, info = env.reset(seed=1000)
        agent = load_agent("explorer")
        agent.reset(observation, info, seed)
        actions = []
        for _ in range(60):
            actions.append(agent.act(observation, info).action)
            observation, _, terminated, truncated, info = env.step(actions[-1])
            if terminated or truncated:
                break
        env.close()
        return actions

    assert play(5) == play(5)
