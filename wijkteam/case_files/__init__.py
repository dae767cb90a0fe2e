"""Documents of a case: what somebody added to it, why, and taking away what does not belong there."""
