"""The roof: settings, addresses, servers. Knows everything, is known by nobody."""
