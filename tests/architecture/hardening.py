#!/usr/bin/env python3
"""hardening.py PROGRAM… -- what a build by default has: position independence, full RELRO, no executable
stack or writable code, stack protector, checked libc calls.  Read from the programs, not from the flags."""
import subprocess
import sys


def readelf(program, *how):
    return subprocess.run(["readelf", "-W", *how, program], check=True, capture_output=True, text=True).stdout


def lacks(program):
    header, segments = readelf(program, "-h"), readelf(program, "-l").splitlines()
    dynamic, symbols = readelf(program, "-d"), readelf(program, "--dyn-syms")
    stack = [line for line in segments if "GNU_STACK" in line]
    loaded = [line.split() for line in segments if line.strip().startswith("LOAD")]
    tests = {
        "position-independent": "DYN (Position-Independent Executable" in header and "PIE" in dynamic,
        "relocations read-only": any("GNU_RELRO" in line for line in segments) and "NOW" in dynamic,
        "no executable stack": len(stack) == 1 and "RWE" not in stack[0],
        "no writable code": bool(loaded) and not any({"W", "E"} <= set("".join(line[6:-1])) for line in loaded),  # "R E", "RWE"
        "stack protector": "__stack_chk_fail" in symbols,
        "checked libc calls": "_chk@" in symbols.replace("__stack_chk_fail@", ""),
    }
    return [name for name, holds in tests.items() if not holds]


wrong = [f"{program}: {name} is missing" for program in sys.argv[1:] for name in lacks(program)]
print("\n".join(wrong) or f"{len(sys.argv) - 1} programs are hardened")
sys.exit(1 if wrong or len(sys.argv) < 2 else 0)
