"""Tocsin: a self-hosted news-alert bot. This package is the program; it names no platform and no SQL."""

__version__ = "0.1.0"
