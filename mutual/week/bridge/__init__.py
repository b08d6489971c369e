"""The programme's real week and the solver: read into an instance, kept as a proposal, accepted."""
