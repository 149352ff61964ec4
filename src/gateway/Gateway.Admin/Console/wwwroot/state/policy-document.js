// A policy as cards: views at JSON pointers, whose edits are splices of the text. What a card does not know stays.
import { Num, apply, find, join, parse, remove, set, valueOf } from "./json-text.js";
import { operators } from "./operators.js";
import { memberOf } from "./spec.js";

/** @typedef {import("./json-text.js").Node} Node */
/** @typedef {"allow" | "approve" | "deny" | "hide" | "custom" | "other"} Choice */

/** The classes of tools that rules can name. */
export const toolClasses = ["Read", "Write", "Execute", "Destructive", "Financial", "Secret", "uncertain"];

/** @param {string} name */
export const toolPointer = name => join("/tools", name);

/** The names and patterns of `tools`, in their order. @param {Node | null} root */
export const entriesOf = root => find(root, "/tools")?.members.map(member => member.name) ?? [];

/** @param {Node | null} root */
export const hiddenOf = root => (find(root, "/hide")?.items ?? []).filter(item => item.kind === "string")
  .map(item => item.value);

/** @param {string} name */
export const isPattern = name => /[*?]/.test(name);

/**
 * What the document itself says of a tool by its exact name; "other" where a pattern or the default decides.
 * @param {Node | null} root @param {string} tool @returns {Choice}
 */
export function choiceOf(root, tool) {
  return hiddenOf(root).includes(tool) ? "hide" : choiceAt(root, toolPointer(tool));
}

/** The choice that the entry at a pointer makes. @param {Node | null} root @param {string} pointer @returns {Choice} */
export function choiceAt(root, pointer) {
  const entry = find(root, pointer);
  if (entry === null) return "other";
  const action = find(entry, "/action")?.value ?? "allow";
  const kind = action === "require_approval" ? "approve" : action;
  const others = entry.members.filter(member => !plainBeside(kind).includes(member.name));
  return others.length > 0 || kind === "rate_limit" ? "custom" : /** @type {Choice} */ (kind);
}

/** @param {string} action */
const plainBeside = action => ({ deny: ["action", "reason"], approve: ["action", "approval"] })[action] ?? ["action"];

/**
 * The text with a tool allowed, asked about, denied or hidden. A rule that says more is replaced by one that says this
 * alone: whoever clicks by mistake can undo it.
 * @param {string} text @param {string} tool @param {Choice} choice
 */
export function choose(text, tool, choice) {
  const root = parse(text).root;
  const at = hiddenOf(root).indexOf(tool);
  if (choice === "hide") {
    if (find(root, toolPointer(tool)) !== null) text = apply(text, remove(text, toolPointer(tool)));
    return at >= 0 ? text : append(text, "/hide", tool);
  }

  if (at >= 0) text = drop(text, `/hide/${at}`);
  return chooseAt(text, toolPointer(tool), choice);
}

/**
 * The text with a choice for the entry at a pointer; "other" removes the entry.
 * @param {string} text @param {string} pointer @param {Choice} choice
 */
export function chooseAt(text, pointer, choice) {
  const now = parse(text).root;
  const entry = find(now, pointer);
  if (choice === "other") return entry === null ? text : apply(text, remove(text, pointer));
  if (choice === "custom") return entry === null ? apply(text, set(text, pointer, {})) : text;
  if (entry !== null && choiceAt(now, pointer) === choice) return text;
  return apply(text, set(text, pointer, choice === "allow" ? {} : { action: choice }));
}

/**
 * The text with one more element in the list at a pointer.
 * @param {string} text @param {string} pointer @param {unknown} value
 */
export function append(text, pointer, value) {
  const list = find(parse(text).root, pointer);
  return list === null
    ? apply(text, set(text, pointer, [value]))
    : apply(text, set(text, join(pointer, list.items.length), value));
}

/**
 * The text without what stands at a pointer; a list that is empty then goes too.
 * @param {string} text @param {string} pointer
 */
export function drop(text, pointer) {
  if (find(parse(text).root, pointer) === null) return text;
  const rest = apply(text, remove(text, pointer));
  const parent = pointer.slice(0, pointer.lastIndexOf("/"));
  const node = find(parse(rest).root, parent);
  return node?.kind === "array" && node.items.length === 0 ? apply(rest, remove(rest, parent)) : rest;
}

/**
 * Sets a member, or takes it out where there is nothing to say.
 * @param {string} text @param {string} pointer @param {unknown} value
 */
export const put = (text, pointer, value) =>
  value === undefined || value === "" ? drop(text, pointer) : apply(text, set(text, pointer, value));

/**
 * A number as it was typed; in quotes where it was, or where JSON readers would round it.
 * @param {string} typed @param {Node | null} [before]
 */
export function amount(typed, before) {
  const plain = typed.trim();
  if (before?.kind === "string" || !Num.is(plain) || plain.replace(/\D/g, "").length > 15) return plain;
  return new Num(plain);
}

/** A name for a counter that no limit has yet. @param {Node | null} root @param {string} of */
export function counterName(root, of) {
  const taken = new Set();
  const visit = (/** @type {Node} */ node) => {
    const name = node.members.find(member => member.name === "counter")?.value.value;
    if (name !== undefined) taken.add(name);
    node.members.forEach(member => visit(member.value));
    node.items.forEach(visit);
  };
  if (root !== null) visit(root);
  const base = of.replace(/[^A-Za-z0-9._-]+/g, "_").replace(/^[^A-Za-z0-9]+/, "").slice(0, 50) || "calls";
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}_${number}`;
    if (!taken.has(name)) return name;
  }
}

/**
 * The arguments that a tool's schema names, as paths of conditions: properties, elements as [*], local $ref.
 * @param {unknown} schema @returns {{ path: string, type: string, values: unknown[] | null, description: string }[]}
 */
export function argumentsOf(schema) {
  /** @type {{ path: string, type: string, values: unknown[] | null, description: string }[]} */
  const found = [];
  const visit = (/** @type {unknown} */ part, /** @type {string} */ path, /** @type {number} */ depth) => {
    const node = resolve(schema, part);
    if (typeof node !== "object" || node === null || depth > 6 || found.length >= 200) return;
    if (path !== "args") {
      const type = Array.isArray(node.type) ? node.type.find(one => one !== "null") : node.type;
      found.push({
        path, type: typeof type === "string" ? type : "", values: Array.isArray(node.enum) ? node.enum : null,
        description: typeof node.description === "string" ? node.description : "",
      });
    }

    for (const [name, property] of Object.entries(node.properties ?? {})) visit(property, member(path, name),
      depth + 1);
    if (node.items !== undefined) visit(node.items, `${path}[*]`, depth + 1);
  };
  visit(schema, "args", 0);
  return found;
}

/** The path to a member. @param {string} path @param {string} name */
export const member = (path, name) => /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(name) ? `${path}.${name}`
  : `${path}[${JSON.stringify(name)}]`;

/** @param {unknown} root @param {unknown} part */
function resolve(root, part) {
  let found = /** @type {JsonSchema | null | undefined} */ (part);
  for (let hops = 0; hops < 8 && typeof found?.$ref === "string" && found.$ref.startsWith("#"); hops++) {
    found = /** @type {JsonSchema | null | undefined} */ (found.$ref.slice(1).split("/").slice(1)
      .map(step => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~")).reduce(memberOf, root));
  }

  return found;
}

/** The operator of a new condition, where it is not "eq". @type {Record<string, string>} */
const usualOps = { number: "gt", integer: "gt", array: "length_gt", object: "exists" };

/**
 * The operators that can compare a type, the usual one first.
 * @param {{ type: string, values: unknown[] | null } | undefined} argument
 */
export function operatorsFor(argument) {
  const type = argument?.type ?? "";
  const fitting = Object.entries(operators)
    .filter(([, { fits, value }]) => (type === "" || fits.length === 0 || fits.includes(type))
      && (!argument?.values || fits.length === 0 || value.type === undefined)).map(([op]) => op);
  return [...new Set([argument?.values ? "in" : usualOps[type] ?? "eq", ...fitting])];
}

/** @param {string} op */
export const takesMany = op => operators[op]?.value.type === "array";

/** @param {string} op */
export const isYesOrNo = op => operators[op]?.value.type === "boolean";

/**
 * What was typed as the value of a condition: values with commas between, or a JSON array, for an operator of several.
 * @param {string} op @param {string} typed @param {string} type
 */
export function conditionValue(op, typed, type) {
  if (isYesOrNo(op)) return typed !== "false";
  const { type: own, items } = operators[op]?.value ?? {};
  if (own !== "array") return scalar(typed, own ?? type);
  const written = typed.trim().startsWith("[") ? parse(typed).root : null;
  return written?.kind === "array" ? written.items.map(valueOf)
    : typed.split(",").map(part => part.trim()).filter(part => part !== "")
      .map(part => scalar(part, items?.type ?? type));
}

/** @param {string} typed @param {string | string[]} type */
function scalar(typed, type) {
  if (type === "boolean" && (typed === "true" || typed === "false")) return typed === "true";
  const quoted = type !== "string" && typed.startsWith("\"") ? parse(typed).root : null;
  if (quoted) return quoted.value;
  const number = ["number", "integer"].includes(String(type)) ? typed.trim() : typed;
  return type !== "string" && Num.is(number) ? new Num(number) : typed;
}

/**
 * The value of a condition as it is typed. A text that would be read as a number is in quotes.
 * @param {string} text @param {Node | null} node @param {string} [type] the type of values that is expected
 */
export function typedValue(text, node, type = "string") {
  if (node === null) return "";
  const isQuoted = (/** @type {Node} */ one) => one.kind === "string" && type !== "string" && isAmbiguous(one.value);
  if (isQuoted(node)) return JSON.stringify(node.value);
  if (node.kind !== "array") return node.value;
  const isPlain = node.items.every(item => item.items.length + item.members.length === 0
    && !/^\s|[,[]|\s$|^$/.test(item.value) && !isQuoted(item));
  return isPlain ? node.items.map(item => item.value).join(", ") : text.slice(node.start, node.end);
}

/** @param {string} value */
const isAmbiguous = value => Num.is(value.trim()) || value.startsWith("\"");

/**
 * The values of a list, one per line; null if a line would be read as another value.
 * @param {Node | null} node @param {string} type
 */
export function linesOf(node, type) {
  const lines = (node?.items ?? []).map(item => item.kind === "string" ? typedValue("", item, type) : item.value);
  const isKept = (node?.items ?? []).every((item, at) => same(valueOf(item), fromLine(lines[at], type)));
  return isKept ? lines.join("\n") : null;
}

/** @param {string} text @param {string} type */
export const valuesOf = (text, type) => text.split("\n").map(line => line.trim()).filter(line => line !== "")
  .map(line => fromLine(line, type));

/** @param {string} line @param {string} type */
const fromLine = (line, type) => /^$|^\s|\s$|\n/.test(line) ? undefined : scalar(line, type);

/** @param {unknown} a @param {unknown} b */
const same = (a, b) => a instanceof Num && b instanceof Num ? a.text === b.text : a === b;

/** The type that an operator expects of its values. @param {string} op @param {string} type of the argument */
export const typeOfValues = (op, type) => {
  const { type: own, items } = operators[op]?.value ?? {};
  return String(own === "array" ? items?.type ?? type : own ?? type);
};

/**
 * The text with the recommended rules of these tools in the place of theirs.
 * @param {string} text @param {Node} recommended @param {string[]} tools
 */
export function recommend(text, recommended, tools) {
  for (const tool of tools) {
    const entry = find(recommended, toolPointer(tool));
    const isHidden = hiddenOf(recommended).includes(tool);
    if (isHidden) text = choose(text, tool, "hide");
    else if (entry !== null)
      text = apply(choose(text, tool, "custom"), set(choose(text, tool, "custom"), toolPointer(tool), valueOf(entry)));
  }

  return text;
}

/** From the loosest to the strictest. */
const pins = ["off", "warn", "deny"];

/**
 * The text with the recommended handling of changed tool definitions, which the rules rely on; a stricter one stays.
 * @param {string} text @param {Node} recommended
 */
export function recommendPin(text, recommended) {
  const pin = find(recommended, "/pin")?.value ?? "off";
  return pins.indexOf(pin) > pins.indexOf(find(parse(text).root, "/pin")?.value ?? "off")
    ? apply(text, set(text, "/pin", pin)) : text;
}
