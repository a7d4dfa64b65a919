"""The pages of participants and mentors, and the group’s own page. Leans on all the rooms below."""
