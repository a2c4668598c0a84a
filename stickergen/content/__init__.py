"""Content: YAML with places in; what is said and ordered out."""
