"""Who revises scaffolds: rules without a model, a model with tools, or whoever is asked by hand."""
