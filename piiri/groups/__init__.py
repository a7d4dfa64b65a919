"""The group, its mentors, its places and its memberships, and who is kept apart.

Nouns: group, mentor, mentorship, membership, place. A pair is a group with one place.
Leans on programmes.
"""
