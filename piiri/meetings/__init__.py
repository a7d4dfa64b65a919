"""A group’s meetings: dates, invitations, who came, the short record without content; check-in at joint events. Leans on groups."""
