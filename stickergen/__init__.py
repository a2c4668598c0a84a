"""stickergen: YAML content through layout templates into print-ready PDF sheets."""

__version__ = "0.1.0"
