"""Run agents on environments, record what they do, measure it, and show it."""

#: Says whose package this is; see ``automem_gym.installation``.
DISTRIBUTION = "automem-gym"
