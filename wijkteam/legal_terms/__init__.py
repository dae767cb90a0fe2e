"""Legal terms of a case: what the law wants done within which time, each running term with why it ends when it ends."""
