"""`python -m forecast` is the command."""

from forecast.cli import main

main()
