"""Recorded episodes on a terminal: a run that is watched, an episode that is played back."""
