"""The pages of the programme office: what needs it, and what it can do; talks with it in confidence.

Nouns: support request (a talk of somebody in a group with one contact person). Leans on all the rooms below.
"""
