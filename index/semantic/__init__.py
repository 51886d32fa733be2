"""What paragraphs and questions mean, as vectors of a small language model: for ordering hits anew.

`model` makes a vector of a text, `vectors` keeps those of a segment in a file beside it, `making` makes those
that an index lacks, `nearness` compares them with a question. A search that does without loads none of it.
"""
