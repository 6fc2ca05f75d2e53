"""`python -m bot`, the same as `tocsin`."""

from bot.cli import main

if __name__ == "__main__":
    main()
