#!/usr/bin/env python3
"""How far the two labelers of labels.tsv agree: Cohen's kappa for each category, for all of them, and for risk.

    agreement.py [labels.tsv]
"""
import collections
import sys

CATEGORIES = ("Read", "Write", "Execute", "Secret", "Destructive", "Financial")
RISKS = ("Low", "Medium", "High", "Critical")


def kappa(pairs):
    """Agreement beyond chance, of pairs of labels."""
    total = len(pairs)
    same = sum(first == second for first, second in pairs) / total
    firsts, seconds = (collections.Counter(column) for column in zip(*pairs))
    chance = sum(firsts[label] * seconds[label] for label in firsts) / total**2
    return 1.0 if chance == 1 else (same - chance) / (1 - chance)


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else f"{sys.path[0]}/labels.tsv"
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8") if not line.startswith("#")]
    head, rows = rows[0], [dict(zip(rows[0], row)) for row in rows[1:]]
    assert head[:3] == ["id", "key", "family"], head
    both = [(row["first"], row["second"]) for row in rows]
    print("| class | first | second | decided | kappa |\n|---|---:|---:|---:|---:|")
    for name in CATEGORIES:
        counts = [sum(row[column] == name for row in rows) for column in ("first", "second", "category")]
        each = kappa([(first == name, second == name) for first, second in both])
        print(f"| {name} | {counts[0]} | {counts[1]} | {counts[2]} | {each:.3f} |")
    print(f"| all | {len(rows)} | {len(rows)} | {len(rows)} | {kappa(both):.3f} |")
    risks = [(row["first_risk"], row["second_risk"]) for row in rows]
    for name in RISKS:
        counts = [sum(row[column] == name for row in rows) for column in ("first_risk", "second_risk", "risk")]
        each = kappa([(first == name, second == name) for first, second in risks])
        print(f"| risk {name} | {counts[0]} | {counts[1]} | {counts[2]} | {each:.3f} |")
    print(f"| risk, all | {len(rows)} | {len(rows)} | {len(rows)} | {kappa(risks):.3f} |")
    print(
        f"\n{sum(a == b for a, b in both)} of {len(rows)} categories and {sum(a == b for a, b in risks)} risks are the "
        "same in both; a third reader decided the others."
    )
    parts = collections.Counter((row["part"], row["category"]) for row in rows)
    for part in ("train", "dev", "test"):
        print(f"{part}: " + ", ".join(f"{name} {parts[part, name]}" for name in CATEGORIES))


if __name__ == "__main__":
    main()
