"""Which units of a scope match a query tree, found exhaustively; and what needs more than postings for it:
nearness, sentences, words as they are spelt.

`tree` walks the Boolean nodes, over masks of `units`. `nearness` matches ranges of positions (`ranges`).
`reread` cuts the texts of chosen units into words again, for `spelling` and `sentence`.
"""
