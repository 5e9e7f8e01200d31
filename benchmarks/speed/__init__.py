"""What the environments and the memory cost, measured in one process on one core."""
