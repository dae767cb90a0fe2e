"""Open data: what of the figures may be published for everybody, and the files in which it is."""
