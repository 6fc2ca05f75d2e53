"""What the core asks of the outside, as protocols; adapters fulfil them, and only `bot.app` knows which."""
