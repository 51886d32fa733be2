"""Answers without reading everything: which paragraphs can be among the best, planned by how many postings
there are. The scores themselves come from `index.scoring`, so planning never changes an answer."""
