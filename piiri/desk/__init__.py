"""The pages of the programme office: what needs it, and what it can do; talks with it in confidence.

Nouns: support request (a talk between somebody in a group and one contact person). Leans on all the rooms below.
"""
