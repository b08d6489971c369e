"""One file per instrument (I-3): meta, items, `score`, vectors. Nothing else needs touching."""
