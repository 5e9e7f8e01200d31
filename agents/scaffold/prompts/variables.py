"""The variables of the prompts, and what they hold. All of a kind are always defined."""

from __future__ import annotations

#: Prompts that are the same throughout an episode: the system message of each routine.
SYSTEM_PROMPTS = ("system_log", "system_plan")
#: Prompts that are rendered as the game goes on.
PROMPTS = ("log", "plan", "results", "handover", "no_command", "rejected", "last_turn")
#: Which of them each routine has.
OF_ROUTINE = {
    "log": ("log", "results", "last_turn"),
    "plan": ("plan", "results", "handover", "no_command", "rejected", "last_turn"),
}

#: What the scaffold itself adds to every prompt.
OWN = {
    "routine": "the routine: log or plan",
    "turns": "model turns that the routine has in a game step",
    "operations": "its memory operations, each with name, form, summary and mutates",
    "routines": "all routines by name, each with its turns and the names of its operations",
    "all_operations": "the memory operations of all routines, as in operations",
    "memory_files": "the scaffold's memory files, each with name and purpose",
    "limits": "the scaffold's limits, by name",
}

#: What a system message can show: what the first ``info`` of an episode tells.
SYSTEM = {
    **OWN,
    "game": "name of the game",
    "instructions": "the game's instructions",
    "actions": "the valid actions; empty where any text is one",
    "default_action": "what is executed where no valid action comes",
    "vocabulary": "all memory operations of the episode",
}

#: What the other prompts can show.
DYNAMIC = {
    **OWN,
    "observation": "what the game shows",
    "status": "inventory and vitals",
    "files": "index of the memory: names, lines, characters",
    "game_step": "number of game steps so far",
    "last_action": "the action that was executed in the last game step, or nothing",
    "chosen_action": "what was asked for, where that differs from last_action, or nothing",
    "failed": "whether what was asked for was impossible",
    "unchanged": "whether observation and status are as they were before the last action",
    "stuck": "game steps in a row without a change; 0 below limits.stuck_steps",
    "surroundings": "the things in the eight directions, each with direction, name, steps and "
    "distance; none where the game tells none",
    "notices": "what the hooks tell",
    "results": "what the last memory commands answered",
    "uncommitted": "whether the last game step ended without an action of the model's",
    "refused_beside": "whether memory commands beside or after the last action were turned down",
    "rejections": "memory commands that were turned down, each with why (one of REJECTIONS), "
    "command, count and detail",
    "looked": "the memory commands that the routine has had answered in this game step and that "
    "change nothing, each with op, file and text",
    "wrote": "the memory files into which the routine has written in this game step",
    "turns_left": "model turns left for the routine in this game step",
    "actions": "the valid actions; empty where any text is one",
    "default_action": "what is executed where no valid action comes",
    "reason": "why the action was rejected, or nothing",
}


#: Why memory commands are turned down, and what the detail of each is.
REJECTIONS = {
    "malformed": "it is not written as its form says; what is wrong with it",
    "unknown": "there is no such command; which one may be meant, or nothing",
    "not_offered": "the routine does not have it; which one may be meant, or nothing",
    "read_only": "it changes the memory, and the routine only reads",
    "hook": "a hook turns it down; why",
    "too_long": "it has more text than a turn takes",
    "too_many": "count commands are more than a turn takes; how many that is",
    "cut": "the reply was cut off within it",
    "after_action": "count commands stand after the action, which ends the turn",
}


def variables(prompt: str) -> dict[str, str]:
    """The variables of a prompt, name to meaning."""
    return SYSTEM if prompt in SYSTEM_PROMPTS else DYNAMIC
