"""Cases: households, residents, the areas they live in, and the case that is worked for them."""
