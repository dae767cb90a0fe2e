"""Access for programs: tokens of people, and systems that act for a named system person."""
