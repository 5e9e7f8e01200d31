"""A Vault in which who walks has progressed: a scripted player never dials, and would score 0."""

from __future__ import annotations

import shutil
from pathlib import Path

from automem_gym import Frame, register_game
from examples.vault import VaultGame

ENV = f"{__name__}:AutoMem-WalkedVault-v0"


class WalkedVault(VaultGame):
    """The Vault, with another measure."""

    def step(self, action: str) -> Frame:
        """As ever."""
        frame = super().step(action)
        self.progression = max(self.progression, frame.facts["room"] / 16)
        return frame


register_game("WalkedVault", f"{__name__}:WalkedVault", max_game_steps=200)


def scaffold(folder: Path) -> Path:
    """The Vault's scaffold, made for this one."""
    path = shutil.copytree("examples/vault_scaffold", folder) / "scaffold.toml"
    path.write_text(path.read_text().replace('game = "Vault"', 'game = "WalkedVault"'))
    return folder
