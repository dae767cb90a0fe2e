"""Single sign-on with OpenID Connect: the municipality's own identity provider says who somebody is."""
