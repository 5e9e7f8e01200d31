"""What the backends that ask a server over HTTP share: one connection, one loop, one kind of retry.

A :class:`~agents.backends.http.server.Server` belongs to one address and key, and to all models
that are asked there. The SDKs could retry too, but each call for itself, and not where an answer
breaks off or makes no sense; so they are told not to, and it is done here once for both.
"""
