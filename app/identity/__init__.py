"""identity: who someone is — registry binding, face and liveness, devices."""
