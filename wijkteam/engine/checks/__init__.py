"""What is checked of a definition, by theme."""
