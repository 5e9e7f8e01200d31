"""NetHack as a text game.

Light on purpose: importing this package loads neither the engine nor the tables of the text.
"""
