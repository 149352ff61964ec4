// Filters on recorded arguments. The address keeps them as the API reads them, one per line: args.amount gt 100.
import { html, useId, useState } from '../../vendor/ui.js';
import { may } from '../../api/client.js';
import { Button, Field, Untrusted } from '../../components/index.js';
import { operators, recordOperators } from '../../state/operators.js';
import { member } from '../../state/policy-document.js';
import { setQuery } from '../../state/route.js';

/** The conditions of an address. @param {Record<string, string>} query */
export const conditionsOf = query => (query.where ?? '').split('\n').filter(Boolean);

/** @param {string[]} conditions */
const write = conditions => setQuery({ where: conditions.join('\n') });

/** The path to an argument of a call. @param {string} name */
const pathOf = name => /^args(?=[.[]|$)/.test(name) ? name
  : /^[\w.[\]*-]+$/.test(name) ? `args.${name}` : member('args', name);

/** A condition in words. @param {string} condition */
function said(condition) {
  const [path, op, ...value] = condition.split(' ');
  return operators[op] ? `${path.replace(/^args\./, '')} ${operators[op].words} ${value.join(' ')}` : condition;
}

/** @param {{ query: Record<string, string>, known: string[] }} props `known`: names of arguments to suggest. */
export function Conditions({ query, known }) {
  const id = useId();
  const [draft, setDraft] = useState({ name: '', op: 'eq', value: '' });
  if (!may('ReadApprovals')) return null;
  const conditions = conditionsOf(query);
  const typed = (/** @type {string} */ member) => (/** @type {FieldEvent} */ event) =>
    setDraft({ ...draft, [member]: event.target.value });
  const add = (/** @type {Event} */ event) => {
    event.preventDefault();
    const value = draft.value.trim() === '' ? '""' : draft.value;
    write([...conditions, `${pathOf(draft.name.trim())} ${draft.op} ${value}`]);
    setDraft({ ...draft, name: '', value: '' });
  };
  return html`<div class="stack tight argument-filters" role="group" aria-label="Argument filters">
    <form class="filters" onSubmit=${add}>
      <${Field} label="Argument" value=${draft.name} list=${`${id}-names`} required autocomplete="off"
        spellcheck=${false}
        placeholder="amount" onInput=${typed('name')} />
      <datalist id=${`${id}-names`}>${known.map(name => html`<option value=${name}></option>`)}</datalist>
      <${Field} label="Operator" as="select" value=${draft.op} onChange=${typed('op')}>
        ${recordOperators.map(name => html`<option value=${name} selected=${name === draft.op}>${operators[name].words}
          </option>`)}<//>
      <${Field} label="Value" value=${draft.value} autocomplete="off" spellcheck=${false} onInput=${typed('value')} />
      <${Button} type="submit" disabled=${draft.name.trim() === ''}>Add filter<//>
    </form>
    ${conditions.length > 0 && html`<ul class="row chips">
      ${conditions.map((one, at) => html`<li key=${one} class="row chip">
      <${Untrusted} text=${said(one)} max=${80} /><${Button} kind="quiet" aria-label=${`Remove filter ${said(one)}`}
        onClick=${() => write(conditions.filter((_, other) => other !== at))}>Remove<//></li>`)}</ul>`}</div>`;
}
