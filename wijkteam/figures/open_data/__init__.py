"""Open data: what of the report of a year may be published for everybody, and the files in which it is."""
