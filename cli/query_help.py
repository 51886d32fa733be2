"""The query language on one screen: what `--query-help` shows. A test reads its examples."""

from __future__ import annotations

from ..search.grammar import GRAMMAR_VERSION

__all__ = ["TEXT"]

TEXT = f"""\
The query language, version {GRAMMAR_VERSION}

Words
  precursor chemicals             either word; both, side by side, come first
  "precursor chemicals"           these words in this order
  precursor AND chemicals         both (in one document; see --scope)
  water AND (permit OR licence)   either of two
  permit -fee                     without the word; also: permit NOT fee
  +water permit                   water must be there, permit raises the rank
  water^3 permit                  water counts three times

Parts and forms of words
  precurs*   wom?n   *ation       any letters; one letter
  chemcal~1                       one letter may differ, or two: ~2
  =control   exact:"clean water"  no other forms
  ==WHO                           the same capitals, too

Near each other
  "chemical precursors"~3         at most three words between two of them
  export w/5 licence              at most five words apart; also: NEAR/5
  export pre/5 licence            the same, in this order
  export /s licence               in one sentence; /p: in one paragraph
  section:(water AND permit)      in one section; sentence, paragraph, document

Where words stand
  title:sanctions   heading:"data protection"   text:water

What documents are (for the whole query)
  type:pdf   lang:de   place:Mexico   path:laws/2023
  source:"United Nations"   source:(FATF OR UN*)   -source:FATF
  meta.author:"A. Smith"   meta.pages:10..20
  date:2023   date:2023-03..2024   since:"last year"   before:2024-05
  effective:2020..2022   ended:2023   until:today   after:2019

Citations of laws, however typed
  21 U.S.C. 802   21 USC 802(b)   § 48-904.01   Pub. L. 117-58   45 CFR 46.101

What binds: w/5 and the like first, then words side by side, then AND, then OR.
Anything else is read as words, and the answer says so. docs/query-language.md
has more. In a shell, put a query with signs between single quotes.
"""
