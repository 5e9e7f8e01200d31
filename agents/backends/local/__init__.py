"""Local models: transformers + PEFT."""
