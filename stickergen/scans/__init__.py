"""Which stickers were scanned, where and when: a web server's access log → counts → a report."""
