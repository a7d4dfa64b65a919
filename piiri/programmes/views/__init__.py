"""Doors of the room: the set-up in five steps, joint events, the office's people."""
