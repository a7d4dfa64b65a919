"""Piiri runs peer-group mentoring."""
