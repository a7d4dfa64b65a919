"""A group’s meetings: dates, invitations, who came, the short record without content; check-in at joint events.

Nouns: meeting, answer, invitation, attendance, correction. Leans on groups.
"""
