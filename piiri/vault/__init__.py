"""The keys of groups and persons. Seals and opens confidential text; nothing else touches a key.

Leans on audit.
"""
