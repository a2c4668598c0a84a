"""Proof: the finished PDF seen with other eyes."""
