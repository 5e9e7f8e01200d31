from __future__ import annotations

import pytest

from benchmarks.replay.program import join


def test_modules_stand_before_those_that_need_them():
    modules = {
        "main": 'import { a } from "./a.js";\nimport { b } from "./b.js";\n\na + b;\n',
        "a": 'import { b } from "./b.js";\n\nexport const a = b;\n',
        "b": "export const b = 1;\n",
        "unused": "export const c = 1;\n",
    }
    program = join(modules, "main")
    assert program.index("$b = ") < program.index("$a = ") < program.index("$main = ")
    assert "import" not in program
    assert "unused" not in program


@pytest.mark.parametrize(
    ("modules", "said"),
    [
        ({"main": 'import { a } from "./a.js";\n'}, "main needs a.js"),
        (
            {"main": 'import { a } from "./a.js";\n', "a": 'import { m } from "./main.js";\n'},
            "main -> a -> main",
        ),
        ({"main": 'import a from "./a.js";\n'}, "cannot be put together"),
        ({"main": "export default 1;\n"}, "cannot be put together"),
    ],
)
def test_what_cannot_be_put_together_is_told(modules, said):
    with pytest.raises(ValueError, match=said):
        join(modules, "main")
