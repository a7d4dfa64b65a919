"""Doors of the room: the office's overview and its lists."""
