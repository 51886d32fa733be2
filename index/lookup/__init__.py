"""Which words of a vocabulary look like this: patterns with stars, and spellings nearly alike.

All words are tried at once, as arrays of letters (`letters`); time and memory are bounded by the vocabulary,
whatever the pattern.
"""
