"""stickergen: YAML content through layout templates into print-ready PDF sheets."""
