"""The full warnings: the pages that the codes lead to, served for looking, and tried for reach."""
