"""The players: a module with a class ``Scripted`` for each game, and ``general`` for all others.

Nothing else stands here, because this is where the player of a game is looked for.
"""
