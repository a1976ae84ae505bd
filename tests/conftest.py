"""What every test shares: randomness that repeats."""

from hypothesis import settings

settings.register_profile("mlsheet", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("mlsheet")
