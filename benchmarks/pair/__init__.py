"""What the local pair of specialist and gameplay model does and costs, and what its agent costs."""
