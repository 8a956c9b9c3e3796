"""`python -m recommender.cli`: the command line where its script is not on the path."""

from recommender.cli.app import main

main()
