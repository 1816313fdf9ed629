"""`python -m textmine`."""

from textmine.cli.app import main

if __name__ == "__main__":
    main()
