"""Network, organisation, unit, and the roles in them. Leans on people.

What an organisation knows of a person is an affiliation.
"""
