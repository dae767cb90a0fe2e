"""Mail about what people are told: gathering it, writing it, sending it, and what could not be delivered."""
