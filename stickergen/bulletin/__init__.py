"""A police bulletin → drafts of the scam types that it tells of, by rules: no model, no network."""
