"""The programme page, applications with ranked wishes, and the import of files.

Nouns: application, wish, import file. Leans on groups.
"""
