"""Models in a run: opened once in the driver, asked from the processes that play."""
