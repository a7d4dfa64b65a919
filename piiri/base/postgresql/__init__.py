"""Django's PostgreSQL with two things more: plans are kept, and a connection is trusted while it is warm."""
