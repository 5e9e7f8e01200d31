"""Where the episodes of a run are played: in processes of this machine, or on a Ray cluster."""
