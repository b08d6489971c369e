"""Template tags that read the declaration of who may see what."""
