"""Mail to residents who follow a signal: the code, and that something changed; never what they wrote."""
