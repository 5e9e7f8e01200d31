"""What only MiniHack's tasks ask of their player: pushing boxes, and crossing lava."""
