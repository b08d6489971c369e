"""X12 005010: tokenizer, envelope, guide tables, checker, writer and typed readers.

Standard library only. Loop and code facts come from public maps, not from the purchased
implementation guides: a file accepted here is not thereby certified.
"""
