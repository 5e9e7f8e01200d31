"""A memory for language-model agents: a bounded directory of text files, and commands for it.

Needs nothing but the standard library.
"""

from memory_fs.action import FIELDS, MemoryAction
from memory_fs.config import MemoryConfig
from memory_fs.forgetting import Forgetting
from memory_fs.history import History
from memory_fs.index import FileEntry
from memory_fs.journal import DamagedJournalError, Journal
from memory_fs.lock import MemoryInUseError
from memory_fs.mutation import Mutation
from memory_fs.operation import OPERATIONS, Operation
from memory_fs.origins import Origin
from memory_fs.parser import Malformed, Parser, form, parse
from memory_fs.quotas import Quotas
from memory_fs.recovery import Recovery
from memory_fs.refusal import Refused
from memory_fs.result import Result
from memory_fs.search import Found, Match, Query
from memory_fs.store import MemoryStore
from memory_fs.texts import TextFiles

__all__ = [
    "FIELDS",
    "OPERATIONS",
    "DamagedJournalError",
    "FileEntry",
    "Forgetting",
    "Found",
    "History",
    "Journal",
    "Malformed",
    "Match",
    "MemoryAction",
    "MemoryConfig",
    "MemoryInUseError",
    "MemoryStore",
    "Mutation",
    "Operation",
    "Origin",
    "Parser",
    "Query",
    "Quotas",
    "Recovery",
    "Refused",
    "Result",
    "TextFiles",
    "form",
    "parse",
]
