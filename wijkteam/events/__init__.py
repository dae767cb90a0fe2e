"""The event log, its hash chains and their verification, and the notices that steps send out."""
