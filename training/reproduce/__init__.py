"""The paper's experiment, in small: every stage against the one before, on seeds never used."""
