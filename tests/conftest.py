"""How hard the property tests try; ``--hypothesis-profile=thorough`` is for RESULTS.md."""

from hypothesis import settings

# No deadlines: the machines that run this are shared, and time is measured elsewhere.
settings.register_profile("default", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=5_000)
settings.load_profile("default")
