"""A group’s meetings: dates, invitations, who came, the record without content; joint events’ check-in.

Nouns: meeting, answer, invitation, attendance, correction. Leans on groups.
"""
