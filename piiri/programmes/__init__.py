"""A programme is one year: its rules, themes, dates, joint events, availability and coordinators.

Nouns: programme, theme, break, event, session, coordinator, availability. Leans on networks.
"""
