"""What runs in the sandbox's process. It uses the standard library alone, and imports nothing else."""
