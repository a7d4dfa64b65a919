"""Who did what and who read what. One append-only row a deed, hash-chained, uids only. Leans on base."""
