"""Structure suggested from what people wrote: by words that are data, for a person to confirm, never chosen here."""
