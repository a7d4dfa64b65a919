"""Doors of the room: the front page and one's own page, a group, the demo's mailbox."""
