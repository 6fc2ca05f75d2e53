"""What `make demo` shows: invented outlets on loopback, so that the bot can be tried without a token or the network."""
