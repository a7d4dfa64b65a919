"""The catalogue of facilitation methods and agenda templates. Leans on networks."""
