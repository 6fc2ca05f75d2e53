"""The pure core: it decides, and does nothing else. No I/O, no clock, no chance; `now` is always an argument.

Instants are Unix seconds (UTC) as `float`, durations are seconds, everywhere in the program;
they become dates only where a person reads them.
"""
