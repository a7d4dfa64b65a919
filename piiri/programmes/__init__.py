"""A programme is one year: its rules, themes, dates, joint events, availability and coordinators. Leans on networks."""
