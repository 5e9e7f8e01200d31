"""Who revises scaffolds: rules without a model, a model with tools, or a class of a user's own."""
