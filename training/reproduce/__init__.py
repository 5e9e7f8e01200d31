"""The paper's experiment, in small: arms that play the same seeds, and what they differ by."""
