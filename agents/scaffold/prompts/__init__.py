"""Prompts as templates: a small language, checked when loaded and bounded when rendered."""
