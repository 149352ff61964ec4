// Rules by the accepted class of a tool, which decide after exact names and before patterns.
import { html, useState } from '../../vendor/ui.js';
import { Card, Untrusted } from '../../components/index.js';
import { apply, find, join, parse, remove } from '../../state/json-text.js';
import { choiceAt, chooseAt, toolClasses } from '../../state/policy-document.js';
import { Rule } from './Rule.js';
import { Segments } from './Segments.js';

/** @typedef {import('./edit.js').Edit} Edit */

/** @type {[import('../../state/policy-document.js').Choice, string][]} */
const choices = [['other', 'No rule'], ['allow', 'Allow'], ['approve', 'Approve'], ['deny', 'Deny'],
  ['custom', 'Custom']];

/** @param {{ edit: Edit, schema: PolicySchema, isFixed: boolean }} props */
export function Classes({ edit, schema, isFixed }) {
  const [open, setOpen] = useState('');
  const root = edit.root.value;
  const hasAny = toolClasses.some(name => find(root, join('/classes', name)) !== null);
  return html`<${Card} title="Rules by class">
    <p class="muted">A rule applies to the tools that were accepted with its class, after entries with an exact name
      and before patterns.</p>
    <ul class="policy-tools">${toolClasses.map(name => html`<li key=${name}>
      <${ClassRow} edit=${edit} schema=${schema} name=${name} hasAny=${hasAny} isFixed=${isFixed}
      isOpen=${open === name} onOpen=${() => setOpen(open === name ? '' : name)} /></li>`)}</ul><//>`;
}

/**
 * @param {{ edit: Edit, schema: PolicySchema, name: string, hasAny: boolean, isFixed: boolean, isOpen: boolean,
 *   onOpen: () => void }} props
 */
function ClassRow({ edit, schema, name, hasAny, isFixed, isOpen, onOpen }) {
  const pointer = join('/classes', name);
  const choice = choiceAt(edit.root.value, pointer);
  const part = edit.review.value?.parts?.find(one => one.pointer === pointer);
  const tools = edit.tools.value.filter(tool => (tool.class?.name ?? 'uncertain') === name);
  const decided = new Set(part?.tools);
  /** @param {import('../../state/policy-document.js').Choice} wanted */
  const pick = wanted => {
    const rest = chooseAt(edit.text.value, pointer, wanted);
    // Without any rule, the empty member would only be noise.
    edit.change(wanted === 'other' ? withoutEmpty(rest) : rest);
    if ((wanted === 'custom') !== isOpen) onOpen();
  };
  const without = hasAny && name === 'uncertain' ? 'denied until a person accepts a class'
    : 'decided by patterns or the default';
  return html`<div class="policy-tool">
      <div class="policy-tool-name"><strong>${name}</strong>
        ${edit.server.value !== '' && html`<span class="muted">${tools.length === 0 ? 'no tools'
        : html`${tools.length === 1 ? '1 tool' : `${tools.length} tools`}: <${Untrusted}
          text=${tools.slice(0, 8).map(tool => tool.name).join(', ')} max=${240} />${tools.length > 8 && ', …'}`}
          </span>`}</div>
      <${Segments} label=${`Rule for class ${name}`} choices=${choices} value=${choice} isFixed=${isFixed}
        onPick=${pick} />
      <p class="policy-says muted">${choice === 'other' ? without
        : part ? part.sentences.map((one, at) => html`${at > 0 && '; '}
          <${Untrusted} text=${one.text} max=${240} />`) : '…'}
        ${!isFixed && choice !== 'other' && html` <button type="button" class="link"
          aria-expanded=${isOpen ? 'true' : 'false'}
          aria-label=${`${isOpen ? 'Close' : 'Edit'} rule for class ${name}`} onClick=${onOpen}>
            ${isOpen ? 'Close rule' : 'Edit rule'}</button>`}</p>
    </div>
    ${isOpen && !isFixed && choice !== 'other' && html`<${Rule} edit=${edit} schema=${schema} pointer=${pointer}
      tools=${tools.filter(tool => decided.has(tool.name))} />`}`;
}

/** @param {string} text */
function withoutEmpty(text) {
  const root = parse(text).root;
  return find(root, '/classes')?.members.length === 0 ? apply(text, remove(text, '/classes')) : text;
}
