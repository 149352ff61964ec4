import { html } from '../../vendor/ui.js';
import {
  Badge, Card, CommandHint, EmptyState, PageHead, Pager, Search, Time, Untrusted, loaded,
} from '../../components/index.js';
import { useResource } from '../../state/resource.js';
import { link } from '../../state/route.js';

const linesMax = 400;

/** @param {import('../index.js').PageProps} props */
export default function History({ query: { object, by, cursor } }) {
  const list = useResource('history', { query: { object, by, cursor, limit: 50 } });
  return html`<${PageHead} title="Changes" lead="Configuration changes at all gateways of the store, newest first." />
    <div class="filters"><${Search} label="Object" placeholder="policies/NAME" name="object" value=${object} />
      <${Search} label="Operator" name="by" value=${by} /></div>
    ${loaded(list, page => page.items.length === 0
      ? html`<${EmptyState} title=${object || by ? 'No matching changes' : 'No changes yet'} command="gateway history"
          action=${(object || by) && html`<a class="button" href=${link('history')}>Show all changes</a>`}>
            ${page.since && html`The change history starts at <${Time} at=${page.since} seconds />.`}<//>`
      : html`<div class="stack">${page.items.map(one => html`<${Change} key=${one.changeId}
        one=${one} />`)}</div><${Pager} list=${page} noun="changes" />
          ${page.since && !page.next && (!object || page.isComplete === false) && html`<p class="muted small">
            ${object ? html`Earlier changes of <${Untrusted} text=${object} /> were not recorded. ` : ''}The change
              history starts at <${Time} at=${page.since} seconds />.</p>`}`, 8)}
    <${CommandHint} command=${`gateway history${object ? ` --object ${object}` : ''}`} />`;
}

/** @param {{ one: Api.HistoryView }} props */
function Change({ one }) {
  const tone = { create: 'ok', delete: 'bad', revoke: 'bad' }[one.action] ?? 'info';
  return html`<${Card} class="change"><div class="row spread"><span class="row"><${Badge} tone=${tone}>${one.action}<//>
      <a href=${link('history', { object: one.object })}><strong>
        <${Untrusted} text=${one.about ?? one.object} max=${200} /></strong></a>
      ${one.about && html`<span class="muted small"><${Untrusted} text=${one.object} max=${200} /></span>`}</span>
      <span class="muted small"><a href=${link('history', { by: one.by })}>
        <${Untrusted} text=${one.by} /></a> from <${Untrusted} text=${one.from || one.frontend || ''} />
          , <${Time} at=${one.time} seconds /></span></div>
    ${one.reason && html`<p><${Untrusted} text=${one.reason} multiline /></p>`}
    <details><summary>Changes</summary>${one.changes
      ? html`<ul>${one.changes.map(text => html`<li>
        <${Untrusted} text=${text} max=${2000} /></li>`)}</ul>`
      : html`<${Diff} before=${one.before} after=${one.after} />`}</details><//>`;
}

/** @param {unknown} value */
const lines = value => value === undefined || value === null ? []
  : (typeof value === 'string' ? value : JSON.stringify(value, null, 2)).split('\n').slice(0, linesMax);

/** Both texts by line: what went, what came, and what stayed. @param {{ before: unknown, after: unknown }} props */
export function Diff({ before, after }) {
  const [old, now] = [lines(before), lines(after)];
  if (old.length + now.length === 0) return html`<p class="muted small">No details recorded.</p>`;
  return html`<div class="diff" tabindex="0" role="region" aria-label="Changes">
    ${compare(old, now).map(([sign, text]) => html`
    <div class=${{ '+': 'add', '-': 'cut' }[sign] ?? ''}>
      <span aria-hidden="true">${sign} </span>${sign !== ' ' && html`<span class="visually-hidden">
        ${sign === '+' ? 'added' : 'removed'} </span>`}<${Untrusted} text=${text} max=${2000} /></div>`)}</div>`;
}

/**
 * By the longest lines that both have in common.
 * @param {string[]} old @param {string[]} now @returns {[string, string][]}
 */
export function compare(old, now) {
  const table = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      table[i][j] = old[i] === now[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }

  const found = /** @type {[string, string][]} */ ([]);
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) { found.push([' ', old[i++]]); j++; }
    else if (j >= now.length || (i < old.length && table[i + 1][j] >= table[i][j + 1])) found.push(['-', old[i++]]);
    else found.push(['+', now[j++]]);
  }

  return found;
}
