"""The pages of the programme office: what needs it, and what it can do about it. Leans on all the rooms below."""
