"""`python -m segsim` is the command line."""

from segsim.cli import main

if __name__ == "__main__":
    main()
