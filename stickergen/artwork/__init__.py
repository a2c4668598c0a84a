"""Artwork: content and a template in; a page of placed items out."""
