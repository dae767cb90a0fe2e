"""Commands of the command line, by theme."""
