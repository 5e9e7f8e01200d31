"""What a reviewer works with: files to read, traces to query, a revision to write.

There is no model in it. All of it is text, with limits, and depends on the review alone: the same
calls give the same texts.
"""

from training.structure.workspace.page import PAGE_CHARS, page
from training.structure.workspace.workspace import Workspace

__all__ = ["PAGE_CHARS", "Workspace", "page"]
