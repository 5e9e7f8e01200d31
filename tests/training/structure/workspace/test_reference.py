from __future__ import annotations

from agents.scaffold.limits import Limits
from agents.scaffold.prompts.variables import DYNAMIC, REJECTIONS, SYSTEM
from memory_fs import OPERATIONS, form
from training.structure.workspace.reference import reference


def test_the_documents_tell_all_that_the_code_knows():
    documents = reference()
    assert set(documents) == {
        f"{name}.md"
        for name in ("agent", "hooks", "manifest", "measures", "memory_operations", "prompts")
    }
    for name, meaning in {**SYSTEM, **DYNAMIC, **REJECTIONS}.items():
        assert f"\n{name}: {meaning}\n" in documents["prompts.md"]
    for operation in OPERATIONS.values():
        told = f"{form(operation.name, operation.fields)}  {operation.summary}"
        assert told in documents["memory_operations.md"]
    for limit, (least, most) in Limits.ranges().items():
        assert f"\n{limit}: {least} to {most}\n" in documents["manifest.md"]
    assert "def check_command(command, context)" in documents["hooks.md"]
    assert "redundant_writes" in documents["measures.md"]
