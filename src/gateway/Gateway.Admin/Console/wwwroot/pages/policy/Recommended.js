// The recommended rules of the shown tools: how each differs from the present one, and which of them are applied.
import { html, useEffect, useMemo, useState } from '../../vendor/ui.js';
import { get, path, post } from '../../api/client.js';
import { Badge, Button, Dialog, ErrorBox, Field, Skeleton, Untrusted, part, toast } from '../../components/index.js';
import { find, parse } from '../../state/json-text.js';
import { hiddenOf, recommend, recommendPin, toolPointer } from '../../state/policy-document.js';
import { wordOf } from './words.js';

/** @typedef {import('./edit.js').Edit} Edit */
/** @typedef {import('./edit.js').Tool} Tool */
/** @typedef {Awaited<ReturnType<typeof read>>} Found */

const profiles = [
  ['balanced', 'Balanced: reads and writes run within limits'],
    ['cautious', 'Cautious: only reads run without approval'],
  ['observe', 'Observe: record what would be refused, except for high-impact tools'],
];

/** @param {{ edit: Edit, tools: Tool[], onClose: () => void }} props */
export function Recommended({ edit, tools, onClose }) {
  const [profile, setProfile] = useState('balanced');
  const [found, setFound] = useState(/** @type {Found | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const now = edit.text.value;
  useEffect(() => {
    let isOld = false;
    setFound(null);
    setError(null);
    read(edit, tools, profile).then(one => { if (!isOld) setFound(one); },
      problem => { if (!isOld) setError(problem); });
    return () => { isOld = true; };
  }, [profile]);
  return html`<${Dialog} title="Recommended rules" wide=${true} onClose=${onClose}>
    <${Field} label="Profile" as="select" value=${profile}
      onChange=${(/** @type {FieldEvent} */ event) => setProfile(event.target.value)}>
      ${profiles.map(([value, title]) => html`<option value=${value} selected=${value === profile}>${title}</option>`)}
        <//>
    ${error ? html`<${ErrorBox} error=${error} />` : !found || found.profile !== profile ? html`<${Skeleton}
      lines=${5} />`
      : html`<${Choose} key=${profile} edit=${edit} now=${now} tools=${tools} found=${found} onClose=${onClose} />`}
        <//>`;
}

/**
 * The recommended policy, and its differences to the edited text.
 * @param {Edit} edit @param {Tool[]} tools @param {string} profile
 */
async function read(edit, tools, profile) {
  const { policy, notes } = await get(path('catalogue', edit.server.value, 'policy'), { profile });
  const recommended = /** @type {import('../../state/json-text.js').Node} */ (parse(JSON.stringify(policy)).root);
  const text = recommend(edit.text.value, recommended, tools.map(tool => tool.name));
  const { data } = await post(path('policies', edit.name, 'diff'), `{"before":${edit.text.value},"policy":${text}}`,
    { query: { against: 'before', server: edit.server.value } });
  return { profile, recommended, text, notes, differences: data.differences };
}

/** @param {{ edit: Edit, now: string, tools: Tool[], found: Found, onClose: () => void }} props */
function Choose({ edit, now, tools, found, onClose }) {
  const rows = useMemo(() => rowsOf(edit, now, tools, found), []);
  const [chosen, setChosen] = useState(new Set(rows.filter(row => !row.isLooser).map(row => row.name)));
  const pinned = recommendPin(now, found.recommended);
  const [hasPin, setPin] = useState(pinned !== now);
  const total = chosen.size + (hasPin ? 1 : 0);
  const apply = () => {
    edit.change(recommend(hasPin ? pinned : now, found.recommended, [...chosen]));
    onClose();
    toast.ok(`${total === 1 ? '1 recommended rule' : `${total} recommended rules`} applied. Select Undo to revert.`);
  };
  const toggle = (/** @type {string} */ name) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    setChosen(next);
  };
  const looser = rows.filter(row => row.isLooser).length;
  return html`<p class="muted">Based on the classification of each tool. A selected rule replaces the rule of its tool.
    Other rules stay.
      ${looser > 0 && html`${' '}<strong>${looser === 1 ? '1 rule' : `${looser} rules`} may be looser than yours.
        </strong> Select ${looser === 1 ? 'it' : 'them'} to apply ${looser === 1 ? 'it' : 'them'}.`}</p>
    ${rows.length === 0 ? html`<p>These tools already have the recommended rules.</p>` : html`
      <label class="check"><input type="checkbox" checked=${chosen.size === rows.length}
        onChange=${() => setChosen(new Set(chosen.size === rows.length ? []
          : rows.map(row => row.name)))} /> All ${rows.length} tools</label>`}
    ${pinned !== now && html`<label class="check">
      <input type="checkbox" checked=${hasPin} onChange=${() => setPin(!hasPin)} />
      <span><strong>Changed tool definitions</strong>: ${wordOf(find(found.recommended, '/pin')?.value)}</span>
        </label>`}
    ${part(rows, shown => html`<ul class="policy-tools">
      ${shown.map(row => html`<li key=${row.name}>
      <label class="check"><input type="checkbox" checked=${chosen.has(row.name)} onChange=${() => toggle(row.name)} />
        <span class="row"><strong><${Untrusted} text=${row.name} max=${120} /></strong> <${Badge} tone=${row.tone}>
          ${row.title}<//></span></label>
      ${row.said.length > 0 && html`<ul class="list small under-check">
        ${row.said.map(said => html`<li><${Untrusted} text=${said} max=${500} /></li>`)}</ul>`}</li>`)}</ul>`)}
    ${found.notes.length > 0 && html`<details><summary>Notes</summary>
      <ul class="list">${found.notes.map(note => html`<li><${Untrusted} text=${note} /></li>`)}
        </ul></details>`}
    <div class="actions dialog-actions"><${Button} onClick=${onClose}>Cancel<//>
      <${Button} kind="primary" disabled=${total === 0}
        onClick=${apply}>Apply ${total === 1 ? '1 rule' : `${total} rules`}<//></div>`;
}

/** @typedef {{ name: string, isLooser: boolean, title: string, tone: string, said: string[] }} Row */

/**
 * The tools whose rule differs; those with a looser one first.
 * @param {Edit} edit @param {string} now @param {Tool[]} tools @param {Found} found @returns {Row[]}
 */
function rowsOf(edit, now, tools, found) {
  const [before, after] = [parse(now).root, parse(found.text).root];
  return tools.filter(tool => slice(before, now, tool.name) !== slice(after, found.text, tool.name)).map(({ name }) => {
    const difference = found.differences.find(one => one.tool === name);
    // The default is nobody's rule for this tool. "different" may let more calls through than the present rule does.
    const isNew = edit.partOf(name)?.pointer === '/default';
    const isLooser = !isNew && difference !== undefined && difference.change !== 'tighter';
    const [title, tone] = isNew ? ['new rule', 'info']
      : !difference ? ['same decisions', ''] : difference.change === 'tighter' ? ['tighter', 'ok']
      : [difference.change === 'looser' ? 'looser than yours' : 'may be looser than yours', 'warn'];
    return { name, isLooser, title, tone, said: difference ? [...difference.examples, ...difference.said] : [] };
  }).sort((one, other) => Number(other.isLooser) - Number(one.isLooser));
}

/**
 * What a text says of a tool by its name.
 * @param {import('../../state/json-text.js').Node | null} root @param {string} text @param {string} tool
 */
function slice(root, text, tool) {
  if (hiddenOf(root).includes(tool)) return 'hidden';
  const entry = find(root, toolPointer(tool));
  return entry === null ? '' : text.slice(entry.start, entry.end).replace(/\s+/g, ' ');
}
