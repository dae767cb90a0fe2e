"""Search: words and names as they are looked for, kept beside what they stand in, and found only by who may read it."""
