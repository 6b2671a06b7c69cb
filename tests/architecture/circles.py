#!/usr/bin/env python3
"""circles.py EXEMPT BUILD_DIR MODULE… -- in no module do files need each other in a circle.

Measured by symbols: an object needs the one that defines what it leaves undefined.  EXEMPT has a line
"MODULE: reason" for each module that may; a line that nothing needs any more is an error.
"""
import pathlib
import subprocess
import sys


def needs(archives):
    """{archive: {object: objects of it that define what it asks for}}"""
    defines, asks = {}, {}
    for line in subprocess.run(["nm", "-P", "-g", "-A", *archives], check=True, capture_output=True, text=True).stdout.splitlines():
        where, symbol, kind = line.split()[:3]
        archive, member = where.removesuffix("]:").rsplit("[", 1)
        if kind in "Uw":
            asks.setdefault(archive, {}).setdefault(member.removesuffix(".o"), set()).add(symbol)
        else:
            defines.setdefault(archive, {})[symbol] = member.removesuffix(".o")
    return {archive: {one: {defines[archive][symbol] for symbol in symbols if symbol in defines[archive]} - {one}
                      for one, symbols in members.items()} for archive, members in asks.items()}


def circle(graph):
    """The files of a circle in order, or none."""
    done = set()

    def visit(one, trail):
        if one in trail:
            return trail[trail.index(one):] + [one]
        if one in done:
            return None
        for other in sorted(graph.get(one, ())):
            found = visit(other, trail + [one])
            if found:
                return found
        done.add(one)
        return None
    return next(filter(None, (visit(one, []) for one in sorted(graph))), None)


def main(exempt, build, modules):
    reasons = {}
    for line in exempt.read_text().splitlines():
        name, colon, reason = line.split("#")[0].partition(":")
        if colon and reason.strip():
            reasons[name.strip()] = reason.strip()
    wrong, checked = [], 0
    archives = {path.name: str(path) for path in build.glob("**/libtocsin_*.a")}
    graphs = needs([archives[f"libtocsin_{module}.a"] for module in modules])
    for module in modules:
        graph = graphs.get(archives[f"libtocsin_{module}.a"], {})
        found = circle(graph)
        checked += len(graph)
        if found and module not in reasons:
            wrong.append(f"{module}: {' needs '.join(found)}")
        if not found and module in reasons:
            wrong.append(f"{exempt.name}: {module} has no circle any more: remove its line")
    wrong += [f"{exempt.name}: there is no module {name}" for name in sorted(reasons.keys() - set(modules))]
    if checked < 100:
        wrong.append(f"only {checked} files were looked at")
    print("\n".join(wrong) or f"{checked} files of {len(modules)} modules: no circle but in {', '.join(sorted(reasons)) or 'none'}")
    return 1 if wrong else 0


sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]))
