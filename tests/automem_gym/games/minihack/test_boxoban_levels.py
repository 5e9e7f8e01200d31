from automem_gym.games.minihack.boxoban_generator import SIZES, generate
from automem_gym.games.minihack.boxoban_levels import level_source, read_levels

TWO = "; 0\n####\n#@$#\n####\n\n; 1\n#####\n#  .#\n#####\n"


def test_reads_the_published_format():
    assert read_levels(TWO) == ["####\n#@$#\n####", "#####\n#  .#\n#####"]
    # The last level counts with an empty line after it and without.
    assert read_levels(TWO.rstrip()) == read_levels(f"{TWO}\n") == read_levels(TWO)
    assert read_levels("") == []


def test_a_difficulty_has_its_folder_and_a_folder_may_be_named_itself(tmp_path):
    for folder, sign in (("hard", "$"), ("medium/train", ".")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "000.txt").write_text(f"; 0\n{sign}\n")
    assert level_source("hard", tmp_path)(7) == "$"
    assert level_source("medium/train", tmp_path)(7) == "."
    assert level_source("hard", tmp_path / "medium" / "train")(7) == "."


def test_the_level_follows_the_seed_alone(tmp_path):
    for file in range(3):
        levels = "".join(f"; {level}\n#{file}{level}#\n\n" for level in range(10))
        (tmp_path / f"00{file}.txt").write_text(levels)
    source = level_source("hard", tmp_path)
    first = [source(seed) for seed in range(60)]
    assert [source(seed) for seed in reversed(range(60))] == first[::-1]
    assert len({level[1] for level in first}) == 3
    assert len(set(first)) > 15


def test_the_environment_variable_names_the_place(tmp_path, monkeypatch):
    (tmp_path / "000.txt").write_text("; 0\n#@#\n")
    monkeypatch.setenv("AUTOMEM_BOXOBAN_LEVELS", str(tmp_path))
    assert level_source("hard")(0) == "#@#"
    assert level_source("hard", "generated")(0) == generate(0, SIZES["hard"])
