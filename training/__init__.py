"""The two outer loops that improve an agent's memory, and the ``automem`` command."""
