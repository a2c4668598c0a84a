"""Content streams read operator by operator: colours, fonts, paths and pictures as marks."""
