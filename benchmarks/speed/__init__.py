"""What the environments cost, measured against the raw engines in one process on one core."""
