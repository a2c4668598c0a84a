"""Other libraries at the same job, each used as who knows it well would."""
