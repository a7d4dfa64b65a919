"""The group, its mentors, its places and its memberships. A pair is a group with one place. Leans on programmes."""
