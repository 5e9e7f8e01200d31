"""Outer loop 1: an agent's scaffold is revised, and a revision is kept on measured improvement."""
