"""Access: on which ground a person reads a case, and the log of every reading."""
