"""Network, organisation, unit, and the roles in them. What an organisation knows of a person is an affiliation. Leans on people."""
