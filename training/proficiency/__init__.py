"""Loop 2: the agent's own good memory decisions train a memory specialist."""
