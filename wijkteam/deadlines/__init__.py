"""Due work: recording deadlines, claiming them exactly once, and the worker that does so."""
