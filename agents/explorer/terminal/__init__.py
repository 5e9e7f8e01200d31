"""What the players of terminal games share: reading the map, walking, exploring, fighting."""
