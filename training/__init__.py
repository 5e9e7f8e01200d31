"""The two outer loops that improve an agent's memory, and the ``automem`` command."""

#: Says whose package this is; see ``automem_gym.installation``.
DISTRIBUTION = "automem-gym"
