"""The players: a module ``GAME`` (its name in lower case) with a class ``Explorer`` for each game.

Nothing else stands here, because this is where the player of a game is looked up by name.
"""
