import re

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.scaffold.manifest import KEYS, Manifest

LINES = st.one_of(
    st.text(max_size=40),
    st.builds(
        "{} = {}".format,
        st.sampled_from([*KEYS, "stuck_steps", "turns", "operations", '"map.md"', "a.b", "log"]),
        st.sampled_from(["1", "-1", "true", '"x"', '["READ"]', "[1]", "1.5", "{a = 1}", "", "'''"]),
    ),
    st.sampled_from(["[limits]", "[quotas]", "[files]", "[routines.log]", "[[routines]]", "[a.b]"]),
)


@settings(deadline=None)
@given(st.lists(LINES, max_size=12).map("\n".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever stands in it: valid entries, or problems that each name a line of it."""
    manifest = Manifest(text, "scaffold.toml")
    assert manifest.data.keys() <= set(KEYS)
    for problem in manifest.problems:
        place = re.match(r"scaffold\.toml:(\d+): \S", problem)
        assert place is not None, problem
        assert 1 <= int(place[1]) <= text.count("\n") + 1


def test_a_hostile_manifest_is_refused_fast() -> None:
    """The cost of telling what is wrong is bounded, too: 15,000 unknown keys, 10,000 operations."""
    manifest = Manifest("\n".join(f"k{number} = 1" for number in range(15_000)), "scaffold.toml")
    assert len(manifest.problems) == 50
    words = ", ".join(f'"{number}"' for number in range(10_000))
    manifest = Manifest(f"vocabulary = [{words}]", "scaffold.toml")
    assert manifest.problems == ["scaffold.toml:1: vocabulary names 10,000 operations; 64 at most"]
    files = "\n".join(f"f{number} = ''" for number in range(5_000))
    manifest = Manifest(f"[files]\n{files}", "scaffold.toml")
    assert manifest.problems == ["scaffold.toml:1: files names 5,000 files; 200 at most"]


def test_the_line_of_an_entry_is_found_however_it_is_written() -> None:
    text = """# a comment
name = 3
[ limits ]  # another
"stuck_steps" = 0
[routines]
log.turns = 0
plan = {turns = 0}
[files]
"map.md" = 1
'a.b' = 1
"""
    lines = [problem.split(": ")[:2] for problem in Manifest(text, "t").problems]
    assert [(place, what.split(" ")[0]) for place, what in lines] == [
        ("t:2", "name"),
        ("t:4", "limits.stuck_steps"),
        ("t:6", "routines.log.turns"),
        ("t:7", "routines.plan.turns"),
        ("t:9", "files.map.md"),
        ("t:10", "files.a.b"),
    ]
