"""The wall: one session in which only that is there what one person may read, whatever a page asks of it."""
