"""The programme page, applications with ranked wishes, conflicts, and the import of files. Leans on groups."""
