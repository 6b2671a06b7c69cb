#!/usr/bin/env python3
"""layers.py SOURCE_DIR [--map] -- every #include "module/…" follows layers.txt, downwards and leftwards only.

Prints the includes between houses and layers; exit 1 names each that the map does not allow, each edge
of the map that nobody uses, and each that points up (core to host to program) or sideways (scheduler to
beacon to clients), and each module of core and host that has no first sentence, or that README.md does
not name.  --map: where everything is, a line a module, in the words of its header.
"""
import collections
import pathlib
import re
import sys

HOUSES = ("scheduler", "beacon", "clients")
LAYERS = ("core", "host", "program")
LIBRARY = "libtocsin"  # what others may build on, so may our own
NEVER = {  # whoever fires on signed instants carries no astronomy
    "beacon": "sky rules", "listen": "sky rules", "libtocsin": "sky rules", "page": "sky rules", "herald": "sky rules", "listener": "sky rules"}


def read_map(path):
    allowed = {}
    for line in path.read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            name, _, others = line.partition(":")
            allowed[name.strip()] = set(others.split())
    return allowed


def find_modules(source):
    """Module folders: {name: (house, layer, path)}; a program's folder tocsin-NAME is the module NAME."""
    modules = {}
    for house in HOUSES:
        for folder in sorted(path.parent for path in (source / house).glob("**/CMakeLists.txt")):
            parts = folder.relative_to(source / house).parts
            if parts:
                layer = parts[0] if parts[0] in LAYERS else "program"
                modules[parts[-1].removeprefix("tocsin-")] = (house, layer, folder)
    return modules


def first_sentence(folder):
    """What the header that is named as its module says first, or None; a module of one source has no header."""
    name = folder.name
    for path in (folder / f"{name}.h", folder / f"{name.removesuffix('s')}.h", folder / f"{name}.c"):
        found = path.exists() and re.match(r"/\* \S+ -- (.+?)(?:\.\s|\s*\*/)", path.read_text(), re.S)
        if found:
            return " ".join(found[1].replace("\n *", " ").split())
    return None


def tell_map(modules):
    for house, layer, folder in modules.values():
        if layer != "program":
            print(f"{house}/{layer}/{folder.name:12} {first_sentence(folder)}")


def main(source, shows_map):
    allowed = read_map(source / "tests/architecture/layers.txt")
    modules = find_modules(source)
    wrong, used, crossings = [], collections.Counter(), collections.Counter()
    if shows_map:
        tell_map(modules)
        return 0
    places = " ".join(re.findall(r"^\| .*`(?:scheduler|beacon|clients)/` \(.*", (source / "README.md").read_text(), re.M))
    for name, (house, layer, folder) in modules.items():
        if layer != "program" and first_sentence(folder) is None:
            wrong.append(f"{house}/{layer}/{name}: no header named as the module that begins \"/* {name}/{name}.h -- what it is for\"")
        if layer != "program" and not re.search(rf"\b{name}\b", places):
            wrong.append(f"README.md: \"Where things live\" does not name {house}/{layer}/{name}")
    for name in sorted(modules.keys() - allowed.keys()):
        wrong.append(f"module {name} is not in layers.txt")
    for name in sorted(allowed.keys() - modules.keys()):
        wrong.append(f"layers.txt: there is no module {name}")
    for name, (house, layer, folder) in modules.items():
        for path in sorted(folder.glob("**/*.[ch]")):
            if "libsodium" in path.parts:  # what clients/page/fetch brought
                continue
            for number, text in enumerate(path.read_text().splitlines(), 1):
                found = re.match(r'\s*#\s*include\s+"([a-z0-9_-]+)/', text)
                other = found and found[1].removeprefix("tocsin-")
                if not found or other == name:
                    continue
                where = f"{path.relative_to(source)}:{number}"
                if other not in modules:
                    wrong.append(f"{where}: there is no module {other}")
                    continue
                used[name, other] += 1
                crossings[(house, layer), modules[other][:2]] += 1
                if other not in allowed.get(name, ()):
                    wrong.append(f"{where}: {name} may not include {other}")
    for name, others in allowed.items():
        for other in sorted(others):
            if name not in modules or other not in modules:
                wrong.append(f"layers.txt: {name}: {other} is not a module")
                continue
            (house, layer, _), (below, under, _) = modules[name], modules[other]
            if HOUSES.index(below) > HOUSES.index(house) or LAYERS.index(under) > LAYERS.index(layer) or \
                    (under == "program" and other != LIBRARY):
                wrong.append(f"layers.txt: {name} ({house}/{layer}) may not see {other} ({below}/{under})")
            if used[name, other] == 0:
                wrong.append(f"layers.txt: {name} includes nothing of {other}")
    for name, banned in NEVER.items():
        wrong += [f"layers.txt: {name} must never see {other}" for other in banned.split() if other in allowed.get(name, ())]
    wrong += circles(allowed)
    for ((house, layer), (below, under)), count in sorted(crossings.items()):
        print(f"{house + '/' + layer:18} -> {below + '/' + under:18} {count:4}")
    print("\n".join(wrong) or f"{len(modules)} modules follow the map: nothing points up or sideways")
    return 1 if wrong or not modules else 0


def circles(allowed):
    found, done = [], set()

    def visit(name, trail):
        if name in trail:
            found.append("layers.txt: circle " + " -> ".join(trail + [name]))
        elif name not in done:
            for other in allowed.get(name, ()):
                visit(other, trail + [name])
            done.add(name)
    for name in allowed:
        visit(name, [])
    return found


sys.exit(main(pathlib.Path(sys.argv[1]), "--map" in sys.argv[2:]))
