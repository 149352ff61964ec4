// Two edits of one policy: what each changed since they parted, by pointer, and one text that has both.
import { apply, find, join, parse, remove, set, valueOf, write, layoutOf } from "./json-text.js";

/** @typedef {import("./json-text.js").Node} Node */
/** @typedef {{ pointer: string, before: string | null, after: string | null }} Change */

const flat = layoutOf('{"a":1}');
const told = (/** @type {Node} */ node) => write(valueOf(node), flat);

/** Member by member; a list is one value. @param {Node | null} before @param {Node | null} after @returns {Change[]} */
export function changesBetween(before, after, pointer = "") {
  if (before !== null && after !== null) {
    if (before.kind === "object" && after.kind === "object") {
      const names = new Set([...before.members, ...after.members].map(member => member.name));
      return [...names].flatMap(name => changesBetween(
        find(before, join("", name)), find(after, join("", name)), join(pointer, name)));
    }

    if (told(before) === told(after)) return [];
  }

  return before === after ? [] : [{ pointer, before: before && told(before), after: after && told(after) }];
}

/** @param {string} one @param {string} other */
const meet = (one, other) => one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);

/**
 * What is mine on top of what is theirs. A conflict is a place that both changed, and not to the same.
 * @param {string} base @param {string} mine @param {string} theirs
 * @returns {{ merged: Change[], conflicts: { mine: Change, theirs: Change[] }[], theirs: Change[] }}
 */
export function compare(base, mine, theirs) {
  const [from, ours, others] = [base, mine, theirs].map(text => parse(text).root);
  const their = changesBetween(from, others);
  const merged = [];
  const conflicts = [];
  for (const change of changesBetween(from, ours)) {
    const met = their.filter(one => meet(one.pointer, change.pointer));
    if (met.length === 0) merged.push(change);
    else if (met.length > 1 || met[0].pointer !== change.pointer || met[0].after !== change.after)
      conflicts.push({ mine: change, theirs: met });
  }

  return { merged, conflicts, theirs: their };
}

/**
 * Their text with these changes of mine, whose values are taken from my text.
 * @param {string} theirs @param {string} mine @param {Change[]} changes
 */
export function merge(theirs, mine, changes) {
  const root = parse(mine).root;
  return changes.reduce((text, change) => {
    const value = find(root, change.pointer);
    if (value !== null) return apply(text, set(text, change.pointer, valueOf(value)));
    return find(parse(text).root, change.pointer) === null ? text : apply(text, remove(text, change.pointer));
  }, theirs);
}

/**
 * Two texts line by line: what is gone, what is new, and what stays. @param {string} before @param {string} after
 * @returns {{ kind: "same" | "gone" | "new", text: string }[]}
 */
export function lines(before, after) {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const [a, b] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  const same = (/** @type {string[]} */ list) => list.map(text => ({ kind: /** @type {const} */ ("same"), text }));
  return [...same(old.slice(0, start)), ...middle(a, b), ...same(old.slice(old.length - end))];
}

/** @param {string[]} a @param {string[]} b @returns {{ kind: "same" | "gone" | "new", text: string }[]} */
function middle(a, b) {
  // Beyond that a table of both is too large: all of it is told as replaced.
  if (a.length * b.length > 1_000_000)
    return [...a.map(text => ({ kind: /** @type {const} */ ("gone"), text })),
      ...b.map(text => ({ kind: /** @type {const} */ ("new"), text }))];
  const length = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
  const found = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ kind: /** @type {const} */ ("same"), text: a[i++] });
      j++;
    } else if (j === b.length || (i < a.length && length[i + 1][j] >= length[i][j + 1])) {
      found.push({ kind: /** @type {const} */ ("gone"), text: a[i++] });
    } else found.push({ kind: /** @type {const} */ ("new"), text: b[j++] });
  }

  return found;
}
