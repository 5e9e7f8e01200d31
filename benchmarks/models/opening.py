"""Opens models where they belong: the heavy ones once, in the driver; the free ones anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from agents.backends import open_models
from agents.backends.recorded import continued, open_recorded
from agents.model import ChatModel, ModelSetupError, ModelSpec
from benchmarks.episode import Episode
from benchmarks.models.earlier import asked_of
from benchmarks.trace import TRACE, Trace, TraceError

#: Backends that cost nothing and hold nothing: opened in the process that plays.
WITHOUT_DRIVER = frozenset({"scripted", "recorded"})


def specs_of(episode: Episode) -> dict[str, ModelSpec]:
    """The models of an episode, by role."""
    return {role: ModelSpec.from_json(model) for role, model in episode.models.items()}


def paid(specs: Mapping[str, ModelSpec]) -> dict[str, ModelSpec]:
    """Those of some models that are not free: they take money, or time of a device."""
    return {role: spec for role, spec in specs.items() if spec.backend not in WITHOUT_DRIVER}


def open_for(
    episode: Episode, given: Mapping[str, ChatModel], earlier: Trace | None = None
) -> dict[str, ChatModel]:
    """Opens the models of an episode.

    Args:
        episode: The episode.
        given: Models that are open already, by role.
        earlier: What an earlier attempt recorded, so that its calls need not be made again.

    Raises:
        ModelSetupError: One cannot be had as it is specified.
    """
    specs = specs_of(episode)
    models = dict(given)
    missing = {role: spec for role, spec in specs.items() if role not in given}
    replayed = {role: spec for role, spec in missing.items() if spec.backend == "recorded"}
    for source in dict.fromkeys(spec.name for spec in replayed.values()):
        roles = [role for role, spec in replayed.items() if spec.name == source]
        models |= open_recorded(asked_of(recording(source, episode, *roles)), roles)
    models |= open_models({role: missing[role] for role in missing.keys() - replayed.keys()})
    if earlier is not None:
        live = {role: model for role, model in models.items() if role not in replayed}
        models |= continued(asked_of(earlier), live)
    return models


def recording(source: str, episode: Episode, *roles: str) -> Trace:
    """The trace of an episode in the run that a recorded model names.

    Args:
        source: The run directory.
        episode: The episode.
        *roles: Roles whose calls it should hold.

    Raises:
        ModelSetupError: That run has not recorded the episode to its end, or without these roles.
    """
    path = Path(source).expanduser() / episode.folder / TRACE
    try:
        trace = Trace(path)
    except FileNotFoundError:
        raise ModelSetupError(f"{source} has no recording of {episode.name} ({path})") from None
    except (OSError, TraceError) as error:
        raise ModelSetupError(f"{source}: {error}") from error
    if not trace.finished:
        raise ModelSetupError(f"{source} has not recorded {episode.name} to its end ({path})")
    there = trace.header["episode"].get("models", {})
    for role in roles:
        if role not in there:
            played = f"by {' and '.join(there)}" if there else "without models"
            raise ModelSetupError(f"{source} was played {played}; it has no answers of {role}")
    return trace
