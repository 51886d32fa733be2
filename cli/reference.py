"""The reference page of the command line, made from the commands themselves.

`python -m docsearch.cli.reference > docs/cli.md` writes it; a test fails when it is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

import click

from .app import application
from .render.csv import COLUMNS

__all__ = ["KEYS", "page"]

_INTRODUCTION = """\
# The command line

<!-- Made by `python -m docsearch.cli.reference > docs/cli.md`; change the commands, not this page. -->

`docsearch QUERY` is short for `docsearch search QUERY`. A first word that is the name of a command is that
command, also behind options; `docsearch search -- status` searches for the word. Several words need no
quotes. Options may stand before or behind the query, and a word to leave out stands behind `--`
(`docsearch fentanyl -- -naloxone`) or within quotes (`docsearch "fentanyl -naloxone"`).

How a query is read is the subject of [the query language](query-language.md), how files are read that of
[what is read, and how](reading.md); the same calls from Python are in [the library](library.md).
"""

_INDEXES = """\
## Which index

1. the one that `--index` names;
2. else the one that the environment variable `DOCSEARCH_INDEX` names;
3. else the nearest folder `.docsearch` in the current folder or above it;
4. else your own, in the data folder of the platform (on Linux `~/.local/share/docsearch/index`).

`docsearch index PATH` makes or extends the first of these that is meant, at last your own; `--here` means
`./.docsearch`. Where the index was not named and does not stand in the current folder, the first line on
stderr says which one it is. Where there is none, the bundled sample articles answer, and stderr says so.
"""

_UPDATES = """\
## Keeping an index up to date

Hits and `show` come from the index: they tell what the files held when `docsearch index` last read them, also
if a file has changed or gone since.

`docsearch index` without paths looks again at all that the index was made from; with paths, at these, and
takes new ones in. An update stops, and changes nothing, when it would forget more than a fifth *and* more
than ten of the documents of one path, because their files are gone, empty or cannot be read any more: that is
more often a disk that is not there. (A large update may notice this after its first commit, and says so.)
`--allow-removals` lets it. A path that is missing altogether is always an error.

**To take a folder out of an index**, make it anew from the paths that shall stay:

```sh
docsearch index --rebuild ~/articles ~/laws --allow-removals
```

What was not named is gone with the swap at the end; until then the old index answers.

**An index that an earlier version of the program made** is made anew by the next `docsearch index`, if that
version wrote it otherwise: all files are read again, which it says. When a source is not at hand, or when the
index holds what cannot be read again (records of a program, kept versions) in a form that this version does
not read, nothing is changed.

**To be rid of deleted text at once**, `docsearch index --purge`: an update makes a document that is gone
invisible, but files of the index may hold its text until they are written anew. With `--purge` the index is
brought up to date, and then everything that holds deleted text, keys, metadata or words is written anew and
the old files are removed. It is an option of `index`, not a command, so that a search for the word `purge`
stays a search.

**To keep what is replaced or removed**, `docsearch index --keep-versions`, once: from then on the index keeps
such versions, with the times between which they were current. Searches do not see them; a program reads them
with [`Index.versions`](library.md); `docsearch status` tells how many there are. `--purge` leaves them,
`--purge-versions` drops them, `--no-keep-versions` stops keeping more.

Gaps, things that were met and not read, are listed when they are new and counted ever after;
`docsearch status --gaps` lists them all.
"""

_STATUSES = """\
## Exit status

| command | 0 | 1 | 2 |
| --- | --- | --- | --- |
| `search` | hits were printed | no hits | an error |
| `index` | all was read; or nothing changed and no gap is new | committed, but something could not be read \
| an error; what earlier batches committed stays |
| `timeline` | some document answers | none does | an error |
| `evaluate` | judged | | an error |
| `similar` | something is like it | nothing is | an error |
| `suggest` | something was found | nothing was found | an error |
| `acronyms` | something was found | nothing was found | an error |
| `status` | done | | an error |
| `show` | the words as cited, also if they moved | the words are gone, others stand there \
| nothing is there, or an error |
| `open` | opened, or told with `--print` | the same, but the cited words are gone \
| there is no such file, or an error |

Ctrl-C ends with 130. A pipe that is closed early (`docsearch water | head -1`) is no error: the status is 0
and nothing is said. `docsearch` without arguments prints its help and ends with 2.
"""

_OUTPUT = """\
## What is printed where

Data goes to stdout. Progress, notes, errors and what explains an empty answer go to stderr. An error is
one line, `docsearch: error: …`, and where there is a next step a second line that tells it; on a terminal
lines are broken between words.

`text` and `table` are for reading. In `text` a hit is its rank, title, date, place and source (a date that
was guessed has a `?`), then the headings above the paragraph, its number in its section, page and line,
then the snippet, and last the citation that `docsearch show` takes. "…" stands where text was left out.
Hard-wrapped lines are joined and Markdown's marks hidden; `json` and `jsonl` keep the text as it stands.
`table` has a line for each hit, cut to the terminal's width, or to 160 columns in a pipe; citations are left
out, and the last line says so, where there is no room for them whole.
Matches are bold red; without colours they stand between `**`, so that a pipe shows them too. Lines are as
wide as the terminal, at most 100 columns, and 100 in a pipe; `COLUMNS` overrules. An answer longer than
the screen goes through `$PAGER`, on a terminal only.

Colours are used on a terminal, but not if `NO_COLOR` is set or `TERM` is `dumb`; `FORCE_COLOR` forces them,
and `--color` overrules all of these.

Characters of documents that would act on a terminal (escape sequences, control characters, bidirectional
overrides) are shown as `\\x1b` or `\\u202e`.

`paths` prints each document once, best first: the absolute path of its file, or its key where the text was
handed over by a program. A name is printed as keys spell it: bytes that are not UTF-8 and control characters
as `%FF` and `%0A`, so that a path is always one line; letters and accents are composed (NFC). For such a name
the line is therefore not what the file system calls the file.

`csv` has a line of names; cells that a spreadsheet would take for a formula begin with `'`. Its columns are
{columns}.
"""

_JSON = """\
## JSON

Objects are strict JSON in UTF-8. Positions are half-open ranges `[start, end)` in characters (Unicode code
points) of the document's text as it was indexed: `text` of a hit is exactly that range. Numbers that JSON
does not have are `null`. `schema` is raised when a key changes its meaning or goes, not when one is added.
`--format jsonl` prints the objects of `hits` alone, one in each line.
"""

KEYS: Mapping[str, Mapping[str, str]] = {
    "`docsearch QUERY --format json`": {
        "schema": "version of this layout",
        "index": "path of the index; null when it is in memory",
        "reading": "how the query was read: see below",
        "totals": "exact counts of what answers: see below",
        "seconds": "time taken to answer",
        "documents": "documents that were searched",
        "gaps": "things that were met while indexing and not read",
        "incomplete": "true while the first build of the index has not ended",
        "near_words": "words of the query that do not occur (the first five), also when others do; each with "
        "`word` and `suggestions`, words that do occur (`word`, and `paragraphs`, in how many)",
        "cursor": "where the next page begins, for `--after`; null when this is the last",
        "offers": "other questions that find something, where words are missing or nothing was found: "
        "`query`, `scope`, `why`, `documents` and `paragraphs`",
        "facets": "those that `--facet` asked for: see below",
        "explanations": "with `--explain`, for each hit the shares of its score: see below",
        "folded": "paragraphs that were folded, as duplicates, into the hits up to the last of these",
        "partial": "true when `--timeout` was reached: totals are lower bounds, and there may be better hits",
        "hits": "the hits, best first: see below",
    },
    "an element of `facets`": {
        "field": "as asked for",
        "documents": "all documents that answer: what is counted",
        "missing": "those of them without a value",
        "distinct": "how many values there are",
        "values": "the most frequent (`--facet-values`), each with `value`, `documents`, and `typed`, what "
        "asks for its documents when it is typed behind the query",
    },
    "an element of an element of `explanations`": {
        "what": "words of the query",
        "where": "`text`, `heading` or `title`",
        "language": "of the text",
        "count": "how often they stand there",
        "weight": "of this part of the ranking",
        "idf": "how rare they are: the inverse document frequency",
        "value": "what is added; in this order, they add up to the score to the last bit",
        "begins": "how much of it because a heading or title with these words begins here",
    },
    "`reading`": {
        "query": "as typed",
        "tree": "as read, with all operators",
        "notices": "what was forgiven or cut short, a sentence each",
        "scope": "what AND, OR and NOT were asked of",
        "ranking": "by what the hits are ordered: `default` or `plain`",
        "grammar": "version of the query language",
        "analysers": "version of the analysis of each language",
        "generation": "of the index",
        "where": "the filter that documents had to pass, as text; null on the command line, which has none",
        "sort": "the field that hits are ordered by; null: by score",
        "collapse": "the field of whose values only the first hit is shown; null: none",
        "duplicates": "`fold` or `show`",
        "semantic": "true when the first hits were ordered by what they mean, too",
    },
    "`totals`": {
        "units": "documents, sections or paragraphs that answer, as the scope says",
        "paragraphs": "paragraphs that are shown for them",
        "documents": "documents in which these lie",
    },
    "an element of `hits`": {
        "rank": "from 1, over all pages",
        "score": "for comparing hits of one answer only",
        "key": "of the document",
        "root": "name of the root that the file belongs to; empty for text handed over by a program",
        "path": "of the file in its root",
        "title": "of the document",
        "date": "published, else effective: `2023`, `2023-03` or `2023-03-15`; or null",
        "meta": "all that is known of the document: see below",
        "title_highlights": "ranges `[start, end]` of `title` that the query asks for",
        "headings": "titles of the sections around the paragraph, outermost first",
        "heading_highlights": "the same of each of `headings`, in their order",
        "section": "ordinals of these sections; `[0]` is what stands before the first heading",
        "paragraph": "ordinal in its section, from 1",
        "kind": "what it looks like: `text`, `item`, `table`, `code`, `quote` or `heading`",
        "line": "first line in the file, from 1; null where files have no lines, as PDFs have none",
        "page": "printed label or number of the page (or slide), or empty",
        "sheet": "name of the sheet of a workbook, or empty",
        "cell": "row or cell in a table, such as `row 5` or `A5`, or empty",
        "start": "of the paragraph",
        "end": "of the paragraph",
        "text": "of the whole paragraph",
        "snippets": "its best stretches, each with `start`, `end`, `text` and `highlights`, the ranges "
        "`[start, end]` of matches (positions in the document, too)",
        "citation": "what `docsearch show` takes",
        "group_size": "with `--group`: how many paragraphs of the document answer; else 1",
        "stale": "`changed` or `gone` where the file is no longer what was indexed, else empty",
        "duplicates": "keys of the documents of the paragraphs, in nearly the same words, that were folded "
        "into the hit",
        "context": "only with `--context`: `before` and `after`, neighbouring paragraphs, each with `text`, "
        "`kind`, and `heading`, which is filled where another section begins",
    },
    "`meta`": {
        "title": "of the document",
        "title_guessed": "true when nobody stated it",
        "language": "ISO 639-1",
        "language_guessed": "true when nobody stated it",
        "type": "media type of the source",
        "source": "agency or publisher",
        "place": "of a dateline",
        "published": "null, or `date`, `precision` (year, month, day) and `guessed`",
        "effective": "likewise",
        "ended": "likewise",
        "extra": "every other field of the front matter, or of the program that handed the text over",
    },
    "`docsearch show CITATION --format json`": {
        "schema": "version of this layout",
        "citation": "as given",
        "status": "`exact`, `moved` (the same words stand elsewhere) or `changed` (they stand nowhere in the "
        "document; what stands at their place may be another paragraph)",
        "note": "a sentence about it; empty when exact",
        "key": "of the document",
        "title": "of the document",
        "meta": "as above",
        "headings": "as above",
        "section": "as above",
        "paragraph": "as above",
        "line": "as above",
        "page": "as above",
        "sheet": "as above",
        "cell": "as above",
        "kind": "text, item, table, code, quote or heading",
        "start": "as above",
        "end": "as above",
        "text": "as above",
        "context": "as above",
    },
    "`docsearch similar CITATION --format json`": {
        "schema": "version of this layout",
        "source": "key of the document that was asked about, which is left out; null for other texts",
        "words": "the distinctive words, weightiest first: `word`, `paragraphs` (that have it) and `weight`",
        "totals": "`paragraphs` and `documents` that share a word or more",
        "hits": "as for a search, nearest first, each with `shared`: the words that it shares",
    },
    "`docsearch suggest PREFIX --format json`": {
        "schema": "version of this layout",
        "suggestions": "the most frequent first, each with `text`, `paragraphs` (at which it stands) and "
        "`kind` (`word` or `phrase`)",
    },
    "`docsearch acronyms [PREFIX] --format json`": {
        "schema": "version of this layout",
        "acronyms": "in alphabetical order, each with `short`, `long` (what it stands for; of several, the "
        "most frequent first), `paragraphs` (that explain it), and `key` and `citation` of one of these",
    },
    "`docsearch timeline QUERY --format json`": {
        "schema": "version of this layout",
        "tree": "the query as read, with all operators",
        "notices": "as above",
        "step": "what a bucket is: `day`, `month`, `year` or `decade`",
        "field": "whose dates",
        "buckets": "`date` (of a decade, its first year) and `documents`, in order; none without documents",
        "imprecise": "the same of documents that are dated less precisely, which stand in no bucket",
        "undated": "documents without such a date",
        "documents": "all documents that answer",
    },
    "`docsearch status --format json`": {
        "schema": "version of this layout",
        "path": "of the index; null when it is in memory",
        "format": "version of the index's files",
        "generation": "raised by every commit",
        "created": "time in ISO 8601, UTC",
        "updated": "time in ISO 8601, UTC",
        "incomplete": "true while the first build has not ended",
        "roots": "what the index was made from: `name`, `path`, the patterns `include` and `exclude`, the "
        "`language` that was given for documents that state none (or null)",
        "documents": "count",
        "sections": "count",
        "paragraphs": "count",
        "languages": "paragraphs by language",
        "gaps": "count of things that were met and not read",
        "segments": "count of the parts that the index is stored in",
        "size": "bytes on disk",
        "analysers": "version of the analysis of each language",
        "keep_versions": "true when documents that are replaced or removed are kept as versions",
        "versions": "count of the versions that are kept",
        "versions_size": "bytes on disk that they take",
        "semantic": "true when paragraphs have vectors of what they mean",
        "vectors_size": "bytes on disk that these take",
        "gap_list": "only with `--gaps`: `key`, `part` (a page or a member, or empty) and `reason`",
        "changes": "only with `--changes`: the keys of files that are `new`, `changed` and `gone`, those "
        "that are `renamed` as pairs, the count `unchanged`, and `missing`, paths that are not at hand",
        "fingerprint": "only with `--fingerprint`: the same for two indexes exactly if they hold the same "
        "documents",
    },
}


def page() -> str:
    """The whole page, Markdown."""
    columns = ", ".join(f"`{name}`" for name in COLUMNS)
    parts = [
        _INTRODUCTION,
        *_helps(),
        _INDEXES,
        _UPDATES,
        _STATUSES,
        _OUTPUT.replace("{columns}", columns),
        _JSON,
        *(_table(title, keys) for title, keys in KEYS.items()),
    ]
    return "\n".join(parts)


def _helps() -> Iterator[str]:
    """A section for each command: its help on a screen of 80 columns."""
    context = click.Context(
        application, info_name="docsearch", help_option_names=["-h", "--help"], terminal_width=80
    )
    yield _help(context)
    for name in application.list_commands(context):
        command = application.get_command(context, name)
        if command is not None:
            yield _help(click.Context(command, info_name=name, parent=context))


def _help(context: click.Context) -> str:
    return f"## {context.command_path}\n\n```\n{context.command.get_help(context)}\n```\n"


def _table(title: str, keys: Mapping[str, str]) -> str:
    rows = "\n".join(f"| `{key}` | {meaning} |" for key, meaning in keys.items())
    return f"### {title}\n\n| key | |\n| --- | --- |\n{rows}\n"


if __name__ == "__main__":
    sys.stdout.write(page())
