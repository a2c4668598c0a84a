"""Press: pages and a plan in; PDF sheets, slips and tickets out."""
