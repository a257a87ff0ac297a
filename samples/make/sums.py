"""Checks the files of samples/ against SHA256SUMS (`sums`), or writes that file (`record`).

Every model and photograph must be listed, and everything listed must be there: a file that was forgotten is as
much an error as one that changed. The format is that of sha256sum, so `sha256sum -c SHA256SUMS` works too.
"""

import hashlib
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SUMS = ROOT / "SHA256SUMS"


def actual():
    files = sorted(p for folder in ("models", "photos") for p in (ROOT / folder).iterdir())
    return {p.relative_to(ROOT).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def recorded():
    lines = SUMS.read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def main(step):
    have = actual()
    if step == "record":
        SUMS.write_text("".join(f"{digest}  {name}\n" for name, digest in have.items()))
        return 0
    want = recorded()
    bad = [name for name in sorted(have.keys() | want.keys()) if have.get(name) != want.get(name)]
    for name in bad:
        state = "missing" if name not in have else "not in SHA256SUMS" if name not in want else "changed"
        print(f"{name}: {state}", file=sys.stderr)
    print(f"{len(have)} files, {len(bad)} wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
