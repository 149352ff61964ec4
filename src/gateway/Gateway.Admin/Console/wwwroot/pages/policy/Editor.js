// The policy's text. CodeMirror stands in a shadow root, as its styles need a sheet of their own there.
import { html, useEffect, useRef, useState } from '../../vendor/ui.js';
import { Skeleton } from '../../components/index.js';
import { offsetOf, parse, partsOf, pointerAt } from '../../state/json-text.js';
import { readSchema, resolve } from './Form.js';

/** @param {{ edit: import('./edit.js').Edit, readOnly: boolean }} props */
export function Editor({ edit, readOnly }) {
  const host = useRef(/** @type {HTMLElement | null} */ (null));
  const view = useRef(/** @type {Awaited<ReturnType<typeof make>> | null} */ (null));
  const [isThere, setThere] = useState(false);
  useEffect(() => {
    let isGone = false;
    make(/** @type {HTMLElement} */ (host.current), edit, readOnly).then(made => {
      if (isGone) { made.view.destroy(); return; }
      view.current = made;
      setThere(true);
    });
    return () => { isGone = true; view.current?.view.destroy(); };
  }, [edit, readOnly]);
  const text = edit.text.value;
  const problems = edit.review.value?.problems;
  useEffect(() => { view.current?.show(text); }, [text, isThere]);
  useEffect(() => { if (edit.isCurrent.value) view.current?.mark(problems ?? []); },
    [problems, isThere, edit.isCurrent.value]);
  return html`<div class="editor policy-text" ref=${host}>${!isThere && html`<${Skeleton} lines=${8} />`}</div>`;
}

/** @param {HTMLElement} host @param {import('./edit.js').Edit} edit @param {boolean} readOnly */
async function make(host, edit, readOnly) {
  const [cm, schema] = await Promise.all([import('../../vendor/editor.js'), readSchema()]);
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const color = cm.HighlightStyle.define([
    { tag: cm.tags.propertyName, color: 'var(--accent)' }, { tag: cm.tags.string, color: 'var(--ok)' },
    { tag: cm.tags.number, color: 'var(--warn)' }, { tag: [cm.tags.bool, cm.tags.null], color: 'var(--info)' },
  ]);
  let isShown = false;
  const view = new cm.EditorView({
    root, parent: root,
    state: cm.EditorState.create({
      doc: edit.text.value,
      extensions: [
        cm.basicSetup, cm.json(), cm.syntaxHighlighting(color), cm.lintGutter(), look(cm),
        cm.EditorState.readOnly.of(readOnly), cm.EditorView.lineWrapping,
        cm.EditorView.contentAttributes.of({ 'aria-label': 'Policy JSON' }),
        cm.autocompletion({ override: [context => complete(context, schema)] }),
        cm.EditorView.updateListener.of(update => {
          if (update.docChanged && !isShown) edit.change(keepEnds(update.state.doc.toString(), edit.text.value),
            { isTyping: true });
        }),
      ],
    }),
  });
  return {
    view,
    /** @param {string} text */
    show(text) {
      const before = view.state.doc.toString();
      const now = text.replaceAll('\r\n', '\n');
      if (before === now) return;
      let start = 0;
      while (start < before.length && before[start] === now[start]) start++;
      let end = 0;
      while (end < Math.min(before.length, now.length) - start && before.at(-1 - end) === now.at(-1 - end)) end++;
      isShown = true;
      view.dispatch({ changes: { from: start, to: before.length - end, insert: now.slice(start, now.length - end) } });
      isShown = false;
    },
    /** @param {Api.ProblemPlace[]} problems */
    mark(problems) {
      const text = view.state.doc.toString();
      view.dispatch(cm.setDiagnostics(view.state, problems.map(problem => {
        const from = Math.min(text.length, offsetOf(text, problem.line ?? 1, problem.column ?? 1));
        const to = Math.max(from, Math.min(text.length,
          from + (/^("(?:[^"\\\n]|\\.)*"?|[^\s,:[\]{}]+)/.exec(text.slice(from))?.[0].length ?? 1)));
        return { from, to, severity: /** @type {'error' | 'warning'} */ (problem.severity),
          message: `${problem.message}${problem.code ? ` [${problem.code}]` : ''}` };
      })));
    },
  };
}

/**
 * The editor knows \n alone: a text that ended its lines otherwise goes on doing so.
 * @param {string} typed @param {string} before
 */
const keepEnds = (typed, before) => before.includes('\r\n') ? typed.replaceAll('\n', '\r\n') : typed;

/** @param {typeof import('../../vendor/editor.js')} cm */
const look = cm => cm.EditorView.theme({
  '&': { fontSize: '13px', color: 'var(--text)', backgroundColor: 'var(--surface)', height: '100%' },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-gutters': { backgroundColor: 'var(--raised)', color: 'var(--muted)', borderRight: '1px solid var(--border)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'var(--accent-soft)' },
  '.cm-tooltip, .cm-panels': { backgroundColor: 'var(--surface)', color: 'var(--text)',
    border: '1px solid var(--border)' },
  // Its own marks are images in the style, which the page's content policy refuses.
  '.cm-lint-marker': { width: '8px', height: '8px', marginTop: '6px', borderRadius: '50%' },
  '.cm-lint-marker-error': { content: 'normal', backgroundColor: 'var(--bad)' },
  '.cm-lint-marker-warning, .cm-lint-marker-info': { content: 'normal', backgroundColor: 'var(--warn)',
    borderRadius: '2px' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--bad)' },
  '.cm-lintRange-warning, .cm-lintRange-info, .cm-lintRange-hint':
    { backgroundImage: 'none', textDecoration: 'underline wavy var(--warn)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
});

/** What is read of CodeMirror's context of a completion.
 * @typedef {{ matchBefore: (form: RegExp) => { from: number } | null, explicit: boolean, pos: number,
 *   state: { doc: { toString: () => string } } }} Completion */
/**
 * Names of members, and words that a member may have, by the policy's schema.
 * @param {Completion} context @param {PolicySchema | null} schema
 */
function complete(context, schema) {
  const word = context.matchBefore(/"[^"\n]*/);
  if (!schema || (!word && !context.explicit)) return null;
  const text = context.state.doc.toString();
  const from = word ? word.from : context.pos;
  const isValue = /:\s*$/.test(text.slice(0, from)) || /\[\s*$|,\s*$/.test(text.slice(0, from)) && inList(text, from);
  const nodes = schemasAt(schema, pointerBefore(text, from, isValue));
  const options = isValue
    ? nodes.flatMap(node => node.enum ?? (node.const !== undefined ? [node.const] : []))
      .map(value => ({ label: JSON.stringify(value), type: 'enum' }))
    : nodes.flatMap(node => Object.entries(node.properties ?? {})).map(([name, node]) => ({
      label: JSON.stringify(name), type: 'property', detail: '',
        info: resolve(schema, node).description,
      apply: `${JSON.stringify(name)}: `,
    }));
  const unique = [...new Map(options.map(one => [one.label, one])).values()];
  if (unique.length === 0) return null;
  // The quote that closes it is there already where brackets are closed by the editor.
  return { from, to: text[context.pos] === '"' && word ? context.pos + 1 : context.pos, options: unique, filter: true };
}

/** @param {string} text @param {number} at */
const inList = (text, at) => {
  let depth = 0;
  for (let i = at - 1; i >= 0; i--) {
    if (text[i] === ']' || text[i] === '}') depth++;
    else if ((text[i] === '[' || text[i] === '{') && depth-- === 0) return text[i] === '[';
  }
  return false;
};

/**
 * Where the cursor stands in a text that may be half written.
 * @param {string} text @param {number} at @param {boolean} isValue
 */
function pointerBefore(text, at, isValue) {
  const whole = parse(text).root;
  if (whole) {
    const parts = partsOf(pointerAt(whole, Math.max(0, at - (isValue ? 0 : 1))));
    return isValue ? parts : parts;
  }
  // Backwards: the name in front of each bracket that is open.
  const parts = [];
  let depth = 0;
  if (isValue) {
    const name = /"((?:[^"\\]|\\.)*)"\s*:\s*$/.exec(text.slice(0, at));
    if (name) parts.unshift(name[1]);
  }
  for (let i = at - 1; i >= 0; i--) {
    if (text[i] === ']' || text[i] === '}') depth++;
    else if (text[i] === '[' || text[i] === '{') {
      if (depth-- > 0) continue;
      depth = 0;
      const name = /"((?:[^"\\]|\\.)*)"\s*:\s*$/.exec(text.slice(0, i));
      if (name) parts.unshift(name[1]);
      else if (i > 0) parts.unshift('0');
    }
  }
  return parts;
}

/** @param {JsonSchema} schema @param {string[]} parts @returns {JsonSchema[]} */
function schemasAt(schema, parts) {
  let found = alternatives(schema, schema);
  for (const part of parts) {
    found = found.flatMap(node => [node.properties?.[part] ?? (node.properties && node.additionalProperties === false
      ? undefined : node.additionalProperties), /^\d+$/.test(part) ? node.items : undefined])
      .filter(node => typeof node === 'object' && node !== null).flatMap(node => alternatives(schema, node));
  }
  return found;
}

/** @param {JsonSchema} schema @param {JsonSchema} node @returns {JsonSchema[]} */
function alternatives(schema, node) {
  const one = resolve(schema, node);
  return [one, ...[...(one.oneOf ?? []), ...(one.anyOf ?? []), ...(one.allOf ?? [])].flatMap(other =>
    alternatives(schema, other))];
}
