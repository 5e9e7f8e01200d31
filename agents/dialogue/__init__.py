"""What the agents that talk with a model share.

How a model is asked and what of it is recorded (``caller``), the conversation and how it is made
shorter (``conversation``, ``compaction``), what a reply asks for (``reply``), and what a model is
told of the game (``introduction``, ``situation``).
"""
