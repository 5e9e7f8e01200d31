"""What recorded episodes show of how the structure makes an agent fail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an episode.

    Attributes:
        episode: Name of the episode's environment.
        seed: Its seed.
        step: The game step.
        what: What is to be seen there.
    """

    episode: str
    seed: int
    step: int
    what: str

    def __str__(self) -> str:
        return f"{self.episode} seed {self.seed} step {self.step}: {self.what}"


@dataclass(frozen=True, slots=True)
class Symptom:
    """A symptom.

    Attributes:
        name: Which; a key of the catalogue.
        share: How often it shows, in [0, 1], of the times that it could.
        places: Some places where it shows.
        file: The memory file that it is about; empty where it is about none.
        figure: What else there is to tell, as words with a figure.
    """

    name: str
    share: float
    places: tuple[Place, ...]
    file: str = ""
    figure: str = ""
