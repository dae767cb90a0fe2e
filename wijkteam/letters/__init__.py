"""Letters: each decision in a case has one, with its reasons, in whose name, and what to do when somebody disagrees."""
