"""A memory for language-model agents: a bounded directory of text files, and commands for it.

Needs nothing but the standard library.
"""

from memory_fs.action import FIELDS, MemoryAction
from memory_fs.config import MemoryConfig
from memory_fs.journal import Journal, Mutation
from memory_fs.operation import OPERATIONS, Operation
from memory_fs.parser import Malformed, Parser, form, parse
from memory_fs.quotas import Quotas
from memory_fs.refusal import Refused
from memory_fs.result import Result
from memory_fs.store import MemoryStore
from memory_fs.texts import FileEntry, TextFiles

__all__ = [
    "FIELDS",
    "OPERATIONS",
    "FileEntry",
    "Journal",
    "Malformed",
    "MemoryAction",
    "MemoryConfig",
    "MemoryStore",
    "Mutation",
    "Operation",
    "Parser",
    "Quotas",
    "Refused",
    "Result",
    "TextFiles",
    "form",
    "parse",
]
