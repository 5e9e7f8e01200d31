import json
from pathlib import Path

from training.proficiency.speed import main


def test_the_three_are_measured_in_one_run(tmp_path: Path, capsys) -> None:
    out = tmp_path / "speed.json"
    words = "--shape tiny --tokens 128 --steps 2 --rounds 1 --accumulation 2 --out"
    assert main([*words.split(), str(out)]) == 0
    rates = json.loads(out.read_text())["tokens_per_second"]
    assert set(rates) == {"trainer", "plain", "plain, all scores"}
    assert all(rate > 0 for rate in rates.values())
    assert "of plain" in capsys.readouterr().out
