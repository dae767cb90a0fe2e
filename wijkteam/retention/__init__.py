"""How long records are kept, destroying them on a signed list, and handing a resident their whole file."""
