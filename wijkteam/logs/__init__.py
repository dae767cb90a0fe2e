"""Both logs as proof: sealed day by day, verified against heads kept elsewhere, and searched by the privacy officer."""
