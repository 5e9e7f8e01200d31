"""Loop 1: a reviewer revises the structure of an agent's memory; what measurably helps is kept.

A search starts from a scaffold. Each attempt is a revision of it that a reviewer wrote after a look
at how the agent played; the gate decides on its scores whether it takes the scaffold's place.
"""
