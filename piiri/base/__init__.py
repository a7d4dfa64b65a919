"""The cellar: errors, the clock, uids, door helpers, component tags, the look. No domain word."""
