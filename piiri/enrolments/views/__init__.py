"""Doors of the room: the programme page, enrolling, one's application, the office's list, imports."""
