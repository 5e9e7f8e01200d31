import json
from pathlib import Path

from training.proficiency.selection_speed import main


def test_a_whole_selection_is_measured_with_the_memory_of_all_its_processes(
    crafter_run: Path, capfd
) -> None:
    assert main(["--run", str(crafter_run), "--episodes", "3"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["processes"], found["episodes"]) == (2, 3)
    assert found["answers"] % 3 == 0
    # Three interpreters, and none of them holds a game or a model.
    assert 60 < found["peak MB of all processes together"] < 1_000


def test_what_an_answer_takes_is_told_for_each_part(crafter_run: Path, capfd) -> None:
    assert main(["--run", str(crafter_run), "--copies", "2"]) == 0
    found = json.loads(capfd.readouterr().out)
    parts = ["trace", "read_turns", "criteria"]
    assert all(found[f"{part}, us / answer"] > 0 for part in parts)
