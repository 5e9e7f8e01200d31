"""What only NetHack asks of its player: digging down, staying alive, answering questions."""
