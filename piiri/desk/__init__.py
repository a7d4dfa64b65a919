"""The pages of the programme office: what needs it, and what it can do. Leans on all the rooms below."""
