"""What a group agrees on: how its people work together, signed by each, and what they work towards.

Nouns: agreement (one version of it), clause, signature, goal, own goal. Leans on groups and the vault.
"""
