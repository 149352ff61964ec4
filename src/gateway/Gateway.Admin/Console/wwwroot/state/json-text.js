// JSON as text: a tree of offsets, and edits that are splices. Nothing is written again but what is edited, and numbers
// stay the text that they are: JSON.parse would make 1.50 of 1.5 and round 18 digits.

/**
 * @typedef {{ kind: "object" | "array" | "string" | "number" | "literal", start: number, end: number,
 *   members: Member[], items: Node[], value: string }} Node
 * @typedef {{ name: string, nameStart: number, nameEnd: number, value: Node }} Member
 * @typedef {{ start: number, end: number, text: string }} Splice
 * @typedef {{ root: Node | null, error: { offset: number, message: string } | null }} Parsed
 */

const depthMax = 64;
const numberForm = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const space = /[ \t\r\n]*/y;

/** A number as it is written: `new Num("2500.00")`. */
export class Num {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  /** @param {string} text */
  static is(text) {
    numberForm.lastIndex = 0;
    return numberForm.exec(text)?.[0] === text && text !== "";
  }
}

/** @param {string} text @returns {Parsed} */
export function parse(text) {
  const reader = new Reader(text);
  try {
    reader.space();
    const root = reader.value(1);
    reader.space();
    if (reader.at < text.length) reader.fail("nothing may follow the document");
    return { root, error: null };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { root: null, error: { offset: error.offset, message: error.message } };
  }
}

class JsonError extends Error {
  /** @param {string} message @param {number} offset */
  constructor(message, offset) {
    super(message);
    this.offset = offset;
  }
}

class Reader {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  /** @param {string} message @returns {never} */
  fail(message, offset = this.at) {
    throw new JsonError(message, offset);
  }

  space() {
    space.lastIndex = this.at;
    space.exec(this.text);
    this.at = space.lastIndex;
  }

  /** @param {string} sign */
  take(sign) {
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  /** @param {number} depth @returns {Node} */
  value(depth) {
    if (depth > depthMax) this.fail(`at most ${depthMax} levels are read`);
    const sign = this.text[this.at];
    if (sign === "{") return this.object(depth);
    if (sign === "[") return this.array(depth);
    const start = this.at;
    if (sign === "\"") return this.node("string", start, this.string());
    for (const literal of ["true", "false", "null"]) {
      if (!this.text.startsWith(literal, this.at)) continue;
      this.at += literal.length;
      return this.node("literal", start, literal);
    }

    numberForm.lastIndex = this.at;
    const number = numberForm.exec(this.text);
    if (number === null) this.fail(sign === undefined ? "the document ends too early" : "a value is missing here");
    this.at += number[0].length;
    return this.node("number", start, number[0]);
  }

  /** @param {Node["kind"]} kind @param {number} start @param {string} value @returns {Node} */
  node(kind, start, value) {
    return { kind, start, end: this.at, members: [], items: [], value };
  }

  string() {
    const start = this.at++;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (Number.isNaN(code)) this.fail("a string has no end", start);
      if (code < 0x20) this.fail("a control character must be escaped in a string");
      this.at += code === 0x5c ? 2 : 1;
      if (code !== 0x22) continue;
      try {
        return /** @type {string} */ (JSON.parse(this.text.slice(start, this.at)));
      } catch {
        this.fail("a string has an escape that JSON does not know", start);
      }
    }
  }

  /** @param {number} depth @returns {Node} */
  object(depth) {
    const node = this.node("object", this.at++, "");
    const names = new Set();
    this.space();
    if (!this.take("}")) {
      do {
        this.space();
        const nameStart = this.at;
        if (this.text[nameStart] !== "\"") this.fail("a member's name in quotes is missing here");
        const name = this.string();
        const nameEnd = this.at;
        if (names.has(name)) this.fail(`"${name}" is named twice`, nameStart);
        names.add(name);
        this.space();
        if (!this.take(":")) this.fail("a colon is missing here");
        this.space();
        node.members.push({ name, nameStart, nameEnd, value: this.value(depth + 1) });
        this.space();
      } while (this.take(","));
      if (!this.take("}")) this.fail("a comma or } is missing here");
    }

    node.end = this.at;
    return node;
  }

  /** @param {number} depth @returns {Node} */
  array(depth) {
    const node = this.node("array", this.at++, "");
    this.space();
    if (!this.take("]")) {
      do {
        this.space();
        node.items.push(this.value(depth + 1));
        this.space();
      } while (this.take(","));
      if (!this.take("]")) this.fail("a comma or ] is missing here");
    }

    node.end = this.at;
    return node;
  }
}

/** @param {string} pointer @returns {string[]} */
export const partsOf = pointer =>
  pointer.split("/").slice(1).map(part => part.replaceAll("~1", "/").replaceAll("~0", "~"));

/** @param {string} pointer @param {string | number} part */
export const join = (pointer, part) => `${pointer}/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`;

/** @param {string} pointer */
export const parentOf = pointer => pointer.slice(0, pointer.lastIndexOf("/"));

/** @param {string} pointer */
export const lastOf = pointer => partsOf(pointer).at(-1) ?? "";

/** What stands at a pointer. @param {Node | null} root @param {string} pointer @returns {Node | null} */
export function find(root, pointer) {
  let node = root;
  for (const part of partsOf(pointer)) {
    if (node === null) return null;
    if (node.kind === "object") node = node.members.find(member => member.name === part)?.value ?? null;
    else node = node.kind === "array" && /^(0|[1-9][0-9]*)$/.test(part) ? node.items[Number(part)] ?? null : null;
  }

  return node;
}

/** The pointer of the innermost value around an offset. @param {Node | null} root @param {number} offset */
export function pointerAt(root, offset) {
  let pointer = "";
  let node = root;
  while (node !== null) {
    const member = node.members.findIndex(one => one.nameStart <= offset && offset <= one.value.end);
    const item = node.items.findIndex(one => one.start <= offset && offset <= one.end);
    if (member < 0 && item < 0) break;
    pointer = join(pointer, member >= 0 ? node.members[member].name : item);
    node = member >= 0 ? node.members[member].value : node.items[item];
  }

  return pointer;
}

/** The value without its layout; numbers are `Num`. @param {Node} node @returns {unknown} */
export function valueOf(node) {
  switch (node.kind) {
    case "object": return Object.fromEntries(node.members.map(member => [member.name, valueOf(member.value)]));
    case "array": return node.items.map(valueOf);
    case "string": return node.value;
    case "number": return new Num(node.value);
    default: return node.value === "null" ? null : node.value === "true";
  }
}

/** @param {string} text @param {Splice} splice */
export const apply = (text, splice) => text.slice(0, splice.start) + splice.text + text.slice(splice.end);

/** How the document is laid out. @param {string} text */
export function layoutOf(text) {
  const isCompact = !/[:,][ \t\r\n]/.test(text) && /":/.test(text);
  return {
    newline: text.includes("\r\n") ? "\r\n" : "\n",
    indent: /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ",
    isLines: text.includes("\n") || text.trim().length < 3,
    colon: isCompact ? ":" : ": ",
    comma: isCompact ? "," : ", ",
    pad: isCompact ? "" : " ",
  };
}

const lineMax = 100;

/**
 * A value as the document would have it: on one line where it is short, else a member a line.
 * @param {unknown} value @param {ReturnType<typeof layoutOf>} layout @param {string} outer the indentation of its line
 * @returns {string}
 */
export function write(value, layout, outer = "") {
  if (value instanceof Num) return value.text;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const parts = Array.isArray(value)
    ? value.map(item => ({ name: "", item }))
    : Object.entries(value).filter(([, item]) => item !== undefined)
      .map(([name, item]) => ({ name: JSON.stringify(name) + layout.colon, item }));
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (parts.length === 0) return open + close;
  const flat = { ...layout, isLines: false };
  const line = open + layout.pad + parts.map(part => part.name + write(part.item, flat)).join(layout.comma)
    + layout.pad + close;
  if (!layout.isLines || outer.length + line.length <= lineMax) return line;
  const inner = outer + layout.indent;
  const lines = parts.map(part => inner + part.name + write(part.item, layout, inner));
  return open + layout.newline + lines.join("," + layout.newline) + layout.newline + outer + close;
}

/** The white space that a line begins with. @param {string} text @param {number} offset */
function indentAt(text, offset) {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/**
 * Sets the value at a pointer: replaces what is there, else adds it at the end of its object or list. Objects on the
 * way are made where they are missing.
 * @param {string} text @param {string} pointer @param {unknown} value @returns {Splice}
 */
export function set(text, pointer, value) {
  const root = parse(text).root;
  if (root === null) throw new Error("The text is not JSON.");
  const layout = layoutOf(text);
  const there = find(root, pointer);
  if (there !== null)
    return { start: there.start, end: there.end, text: write(value, layout, indentAt(text, there.start)) };
  const [parent, name] = [parentOf(pointer), lastOf(pointer)];
  const node = find(root, parent);
  if (node === null) return set(text, parent, { [name]: value });
  if (node.kind !== "object" && node.kind !== "array") throw new Error(`${parent} has no members.`);
  return insert(text, node, node.kind === "object" ? JSON.stringify(name) + layout.colon : "", value, layout);
}

/**
 * @param {string} text @param {Node} node @param {string} name @param {unknown} value
 * @param {ReturnType<typeof layoutOf>} layout @returns {Splice}
 */
function insert(text, node, name, value, layout) {
  const starts = [...node.members.map(member => member.nameStart), ...node.items.map(item => item.start)];
  const ends = [...node.members.map(member => member.value.end), ...node.items.map(item => item.end)];
  const outer = indentAt(text, node.start);
  if (starts.length === 0) {
    const inner = outer + layout.indent;
    const flat = name + write(value, { ...layout, isLines: false });
    const [open, close] = node.kind === "object" ? ["{", "}"] : ["[", "]"];
    const isDeep = node.kind === "array" ? outer !== "" : outer.length > layout.indent.length;
    const isLine = !layout.isLines || (isDeep && outer.length + flat.length < lineMax);
    return {
      start: node.start, end: node.end,
      text: isLine
        ? open + layout.pad + flat + layout.pad + close
        : open + layout.newline + inner + name + write(value, layout, inner) + layout.newline + outer + close,
    };
  }

  const end = ends[ends.length - 1];
  const last = starts[starts.length - 1];
  const before = text.slice(starts.length > 1 ? ends[ends.length - 2] : node.start + 1, last);
  if (!before.includes("\n")) {
    const isLong = starts.length > 1 && text.slice(node.start, end).includes("\n");
    return { start: end, end, text: layout.comma + name + write(value, { ...layout, isLines: isLong }) };
  }

  const inner = indentAt(text, last);
  return { start: end, end, text: "," + layout.newline + inner + name + write(value, layout, inner) };
}

/** Takes a member or an element out, with its comma. @param {string} text @param {string} pointer @returns {Splice} */
export function remove(text, pointer) {
  const root = parse(text).root;
  const node = find(root, parentOf(pointer));
  const there = find(root, pointer);
  if (pointer === "" || node === null || there === null) throw new Error(`Nothing stands at ${pointer}.`);
  const spans = node.kind === "object"
    ? node.members.map(member => ({ start: member.nameStart, end: member.value.end, value: member.value }))
    : node.items.map(item => ({ start: item.start, end: item.end, value: item }));
  const at = spans.findIndex(span => span.value === there);
  if (spans.length === 1) return { start: node.start + 1, end: node.end - 1, text: "" };
  return at === 0
    ? { start: spans[0].start, end: spans[1].start, text: "" }
    : { start: spans[at - 1].end, end: spans[at].end, text: "" };
}

/** Gives a member another name. @param {string} text @param {string} pointer @param {string} name @returns {Splice} */
export function rename(text, pointer, name) {
  const node = find(parse(text).root, parentOf(pointer));
  const member = node?.members.find(one => one.name === lastOf(pointer));
  if (member === undefined) throw new Error(`Nothing stands at ${pointer}.`);
  return { start: member.nameStart, end: member.nameEnd, text: JSON.stringify(name) };
}

/** From 1, as editors count. @param {string} text @param {number} line @param {number} column */
export function offsetOf(text, line, column) {
  let start = 0;
  for (let i = 1; i < line; i++) {
    const next = text.indexOf("\n", start);
    if (next < 0) break;
    start = next + 1;
  }

  return Math.min(text.length, start + column - 1);
}
