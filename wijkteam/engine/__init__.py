"""The workflow engine: definitions in YAML, checked, drawn and run. Knows subjects, not cases."""
