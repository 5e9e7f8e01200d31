"""Small models of our own, trained from scratch on what scripted players wrote."""
