"""What runs in the sandbox's process. It needs the standard library alone."""
