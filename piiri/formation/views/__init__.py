"""Doors of the room: the office asks for groups, works on proposals, publishes one, takes it back."""
