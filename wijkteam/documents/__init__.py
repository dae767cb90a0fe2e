"""Documents: files that belong to a subject, such as attachments and letters."""
