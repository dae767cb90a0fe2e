"""Working without a connection: what a device may take along, the key it keeps it under, and sending once each."""
