"""Adapters to the web: fetching from strangers' servers, and reading what they send.

What a stranger sends is neither trusted nor run: addresses, sizes, times and texts are bounded here.
"""
