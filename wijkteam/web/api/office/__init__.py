"""The API of the office: leading, keeping and watching over the work, through the services that its pages use."""
