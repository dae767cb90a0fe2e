"""Coming from elsewhere: people, functions, households, open cases and residents from a file."""
