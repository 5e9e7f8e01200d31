"""What only NetHack asks of its player: digging, striking, staying alive, answering questions."""
