"""Signals of residents: suggestions and complaints, and telling back what was done with them."""
