"""Everything chat-shaped: the commands, written once, and the fronts that carry them to each platform."""
