"""Running it: settings, failures, seeing it run, upgrading."""
