"""Run agents on environments, record what they do, measure it, and show it."""
