"""The person: one address, a name, a language; sign-in by code, step-up. Leans on mail."""
