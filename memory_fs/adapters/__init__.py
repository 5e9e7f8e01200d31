"""The memory for other harnesses: schemas for function calling, and Claude's memory tool.

Each adapter is imported by its own name, because it may need a library that the memory does not.
"""
