"""How Crafter is played: what is seen, what is remembered, and the rules of what to do."""
