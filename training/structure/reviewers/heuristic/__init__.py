"""A reviewer without a model: symptoms that code can see, and a small catalogue of edits for them.

It is free and reproducible, and the baseline that a model must beat.
"""
