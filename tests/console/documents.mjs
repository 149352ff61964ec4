// Random JSON documents, written in as many ways as people write them; the same for the same seed.

/** @param {number} seed */
export function seeded(seed) {
  let state = seed * 2654435761 % 4294967296;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = most => Math.floor(next() * most);
  return { next, below, pick: list => list[below(list.length)] };
}

export function randomDocument(random) {
  const newline = random.pick(["\n", "\r\n", ""]);
  const indent = random.pick(["  ", "    ", "\t"]);
  return object(0, 4);

  function gap(level) {
    if (newline !== "" && random.below(3) > 0) return newline + indent.repeat(level);
    return " ".repeat(random.below(3));
  }

  function object(level, depth) {
    const count = random.below(5);
    const names = new Set();
    while (names.size < count) names.add(name());
    const parts = [...names].map(one =>
      gap(level + 1) + JSON.stringify(one) + " ".repeat(random.below(2)) + ":" + gap(0) + value(level + 1, depth - 1));
    return "{" + parts.join(" ".repeat(random.below(2)) + ",") + gap(level) + "}";
  }

  function array(level, depth) {
    const parts = Array.from({ length: random.below(4) }, () => gap(level + 1) + value(level + 1, depth - 1));
    return "[" + parts.join(",") + gap(level) + "]";
  }

  function name() {
    return random.pick(["tools", "send_*", "a/b", "~", "é", "\u202e", "x y", "limits", "max", "__proto__", "0"])
      + random.below(100);
  }

  function value(level, depth) {
    if (depth > 0 && random.below(2) === 0) return random.below(2) === 0 ? object(level, depth) : array(level, depth);
    return random.pick([
      "true", "false", "null", "1.50", "-0", "1e5", "123456789012345678.000000001", '"\\u00e9"', '"a\\"b"', '""',
      '"{[,]}"', "{}", "[]",
    ]);
  }
}
