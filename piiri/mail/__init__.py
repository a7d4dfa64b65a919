"""Mail as rows: posted in the deed’s own transaction, delivered by any worker. Leans on vault and audit."""
