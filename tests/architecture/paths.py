#!/usr/bin/env python3
"""paths.py SOURCE -- every file of ours that a document names is there."""
import pathlib
import re
import sys

# NAME, MODULE, LL, … stand for names; a module's header is named as it is included
PATH = re.compile(r"(?:scheduler|beacon|clients|tests|calendars)/[a-z0-9_./-]*[a-z0-9_]\.[a-z0-9]+(?![A-Za-z0-9_…*])")


def main(source):
    documents = [path.relative_to(source) for path in source.rglob("*.md")]
    named = [(document, path) for document in documents
             if document.parts[0][:5] != "build" and "node_modules" not in document.parts
             for path in PATH.findall((source / document).read_text())]
    gone = sorted({"%s names %s, which is not there" % (document, path) for document, path in named
                   if not (source / path).exists()})
    print("\n".join(gone) or "%d paths in documents, all are there" % len(named))
    return 1 if gone or not named else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
