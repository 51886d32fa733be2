"""XML: legislation (Akoma Ntoso, USLM and their kin), feeds (RSS, Atom), and whatever else is marked up.

`tree` reads XML that nobody vouches for, `names` says which elements are what, `writer` writes headings and
numbered paragraphs, `meta` reads what a document states of itself, `feed` makes documents of a feed's
entries, `reader` chooses between them.
"""
