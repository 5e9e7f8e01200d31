"""Tactics in NetHack: what is done about who and what is near, the most urgent first."""

from __future__ import annotations

from agents.explorer.nethack.branch import climb
from agents.explorer.nethack.digging import dig, fetch_pick
from agents.explorer.nethack.refuge import take_refuge
from agents.explorer.nethack.spoils import loot
from agents.explorer.nethack.strike import hurl, strike
from agents.explorer.nethack.survival import eat
from agents.explorer.terminal.battle import fight
from agents.explorer.terminal.player import Rule

TACTICS: tuple[Rule, ...] = (
    strike,
    take_refuge,
    hurl,
    fight,
    climb,
    dig,
    loot,
    fetch_pick,
    eat,
)
