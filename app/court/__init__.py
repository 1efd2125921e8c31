"""The courts 法院: what a lawyer does with them, each sub-domain standing on `casefile`."""
