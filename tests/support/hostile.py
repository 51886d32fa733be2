"""Plants what would run or be fetched if anything here ever did that, and watches over a program meanwhile.

Run as a program (`python hostile.py FOLDER`) it indexes the plants, asks for them in every way of the command
line, and prints JSON: what the interpreter's audit hooks saw that should not be, and what was printed.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

CANARY = "canary"
FORBIDDEN = (
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "pty.spawn",
    "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request",
    "ftplib.connect", "smtplib.connect", "http.client.connect", "webbrowser.open", "pickle.find_class",
    "sqlite3.connect",
)  # fmt: skip
"""Audit events that nothing here may give (but for the start of workers of ours)."""

ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b31m \u202eright\u2066 \x08\x7f"
PICKLE = b"cposix\nsystem\n(S'touch canary-ran'\ntR."


def plant(folder: Path) -> Path:
    """A folder of hostile files."""
    root = folder / "plants"
    root.mkdir()
    texts = {
        "yaml.md": "---\ntitle: !!python/object/apply:os.system ['touch canary-ran']\n"
        "author: !!python/name:canary.run\nmore: !include canary.yaml\n---\n\nA permit in YAML.\n",
        "bomb.md": "---\n" + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
        + "---\n\nA permit after a bomb.\n",
        "escapes.md": f"---\ntitle: \"Permit {ESCAPES.encode('unicode_escape').decode()}\"\n---\n\n"
        f"# Heading {ESCAPES}\n\nA permit {ESCAPES} with controls.\n",
        "formula.md": "# =cmd|' /C canary'!A0\n\n=HYPERLINK(\"http://canary.example\") is a permit.\n",
        "entities.xml": '<?xml version="1.0"?><!DOCTYPE act [<!ENTITY x SYSTEM "file:///canary-file">'
        '<!ENTITY y SYSTEM "http://canary.example/y"><!ENTITY % p SYSTEM "http://canary.example/p.dtd">%p;]>'
        "<act><p>A permit &x; &y; in XML.</p></act>",
        "links.html": '<html><head><base href="http://canary.example/"><link rel="stylesheet" '
        'href="canary.css">'
        '<script src="http://canary.example/a.js"></script><meta http-equiv="refresh" content="0;url=canary">'
        '</head><body><iframe src="file:///canary-file"></iframe><img src="//canary.example/i.png">'
        "<p>A permit in a page.</p></body></html>",
        "mail.eml": "From: a@example.org\nSubject: permit\nMIME-Version: 1.0\n"
        'Content-Type: message/external-body; access-type=local-file; name="/canary-file"\n\nA permit.\n',
        "data.json": json.dumps({"title": "permit", "__reduce__": "canary", "py/object": "os.system"}),
        "rows.csv": "name,value\n=cmd|' /C canary'!A0,permit\n@SUM(1),+permit\n",
        "links.rtf": r"{\rtf1{\field{\*\fldinst INCLUDETEXT file:///canary-file}}"
        r"{\*\template http://canary.example/t}A permit in RTF.\par}",
    }  # fmt: skip
    for name, text in texts.items():
        (root / name).write_text(text, encoding="utf-8", newline="\n")
    (root / "pickle.txt").write_bytes(PICKLE)
    with contextlib.suppress(OSError):  # where such names cannot be
        (root / "permit\x1b[31m\u202e.txt").write_text("A permit under an odd name.")
    _office(root / "macros.docx")
    with zipfile.ZipFile(root / "slip.zip", "w") as archive:
        archive.writestr("../../canary-ran", "A permit that climbs.")
        archive.writestr("/canary-ran", "A permit at the top.")
        archive.writestr("inner.txt", "A permit inside.")
    (folder / "synonyms.txt").write_text(
        "permit, __import__('canary')\n!include canary\npermit => $(canary)\n"
    )
    return root


def _office(path: Path) -> None:
    """A document with a macro, a template and a picture elsewhere, and an external entity."""
    words = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{kinds}/attachedTemplate" Target="http://canary.example/t.dotm"'
            ' TargetMode="External"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{words}"><w:body><w:p><w:r><w:instrText>DDEAUTO canary</w:instrText></w:r>'
            "<w:r><w:t>A permit with macros.</w:t></w:r></w:p></w:body></w:document>",
        )
        archive.writestr("word/vbaProject.bin", PICKLE)


NAMED = ("open", "import", "os.mkdir", "os.rename", "os.link", "os.symlink", "compile", "exec")
"""Audit events that are forbidden about a canary."""
LOG = "DOCSEARCH_TESTS_SEEN"


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: notes what should not be in the file that `LOG` names."""
    if event == "subprocess.Popen" and list(arguments[1][-2:]) == ["-m", "docsearch.index.worker"]:
        return
    about = repr(arguments[:1])
    if event in FORBIDDEN or (event in NAMED and CANARY in about and "plants" not in about):
        with open(os.environ[LOG], "a") as file:
            file.write(f"{event} {arguments!r:.200}\n")


def watch_workers(folder: Path) -> None:
    """Have every process that is started from here watched, too."""
    (folder / "site").mkdir()
    here = str(Path(__file__).parent)
    (folder / "site" / "sitecustomize.py").write_text(
        f"import sys\nsys.path.append({here!r})\nimport hostile\nsys.addaudithook(hostile.watch)\n"
        f"open({str(folder / 'worker')!r}, 'w').close()\n"
    )
    sys.path.insert(0, str(folder / "site"))  # workers get this path


def commands(folder: Path, root: Path) -> list[list[str]]:
    index = ["--index", str(folder / "index")]
    search = [["search", *index, "--format", form, "--limit", "50", "permit"] for form in FORMATS]
    synonyms = ["--synonyms", str(folder / "synonyms.txt")]
    return [
        ["index", *index, "--workers", "1", str(root)],
        *search,
        ["search", *index, *synonyms, "permit"],
        ["search", *index, "--explain", "--facet", "folder", "--context", "1", "permit OR eval(canary)"],
        ["search", *index, f"nothing {ESCAPES}"],
        ["search", *index, f'type:"{ESCAPES}" permit'],
        ["status", *index], ["status", *index, "--gaps"], ["status", *index, "--format", "json"],
        ["timeline", *index, "permit"], ["suggest", *index, "per"], ["check", *index, "--deep", "--sources"],
        ["similar", *index, str(root / "escapes.md")], ["show", *index, f"nothing {ESCAPES}"],
        ["index", *index, f"{root}/{ESCAPES[:9]}"], [f"unknown{ESCAPES}", "--what"],
        ["repair", *index],
    ]  # fmt: skip


FORMATS = ("text", "table", "csv", "json", "jsonl", "paths")


def main(folder: Path) -> None:
    os.chdir(folder)
    os.environ[LOG] = str(folder / "seen.log")
    root = plant(folder)
    watch_workers(folder)
    from docsearch.cli import main as program

    sys.addaudithook(watch)
    outputs = []

    def run(*arguments: str) -> str:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = program(list(arguments))
        outputs.append([arguments, code, out.getvalue(), err.getvalue()])
        return out.getvalue()

    for arguments in commands(folder, root):
        found = run(*arguments)
        if "jsonl" in arguments:
            for line in found.splitlines():
                run("show", "--index", str(folder / "index"), json.loads(line)["citation"])
    seen = (folder / "seen.log").read_text() if (folder / "seen.log").exists() else ""
    os.system("exit 0")  # the watch must see this
    proved = "os.system" in (folder / "seen.log").read_text() and (folder / "worker").exists()
    left = [path.name for path in folder.rglob("canary-ran")]
    print(json.dumps({"seen": seen, "proved": proved, "left": left, "outputs": outputs}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
