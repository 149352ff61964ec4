// A policy as rules, beside its text. Both are the same text: a rule is a view of a place in it.
import { html, useEffect, useMemo, useState } from '../../vendor/ui.js';
import { get, may, path } from '../../api/client.js';
import { Badge, Button, Card, CommandHint, ErrorBox, Field, PageHead, RelativeTime, Skeleton,
  Untrusted } from '../../components/index.js';
import { useResource } from '../../state/resource.js';
import { link, setQuery } from '../../state/route.js';
import { Candidate } from './Candidate.js';
import { Draft } from './Draft.js';
import { Editor } from './Editor.js';
import { RuleFromCall, leaveCall, useCall } from './FromCall.js';
import { newEdit } from './edit.js';
import { Rules } from './Rules.js';
import { Save } from './Save.js';
import { Versions } from './Versions.js';

const views = [['both', 'Both'], ['rules', 'Rules'], ['text', 'JSON'], ['versions', 'Versions']];

/** @param {{ name: string, query: Record<string, string> }} props */
export default function Policy({ name, query }) {
  const edit = useMemo(() => newEdit(name), [name]);
  const [isSaving, setSaving] = useState(false);
  useEffect(() => { edit.open(); return edit.follow(); }, [edit]);
  const { servers, users } = useServers(edit, query.server);
  const isFixed = edit.base.value.isFile || !may('Edit');
  const view = query.view ?? 'both';
  useLeaveKeys(edit, isFixed);
  if (edit.failed.value && !edit.isReady.value) {
    return html`<${PageHead} title=${html`<${Untrusted} text=${name} />`}
      back=${{ href: '#/policies', text: 'Policies' }} />
      <${ErrorBox} error=${edit.failed.value} retry=${edit.open} />`;
  }
  const errors = edit.parsed.value.error ? 1 : edit.errors.value.length;
  return html`<${PageHead} back=${{ href: '#/policies', text: 'Policies' }} title=${html`<${Untrusted} text=${name} />`}
      lead=${users.length > 0 ? html`Used by ${users.length > 3
        ? html`<a href=${link('grants', { policy: name })}>${users.length} grants</a>`
        : html`<${Untrusted} text=${users.join(', ')} />`} · <a href=${link('usage', { policy: name })}>Usage</a>`
        : 'No grants use this policy yet.'}
      actions=${!isFixed && html`
        <${Button} kind="quiet" onClick=${edit.undo} disabled=${edit.past.value.length === 0}>Undo<//>
        <${Button} kind="quiet" onClick=${edit.redo} disabled=${edit.future.value.length === 0}>Redo<//>
        <${Draft} edit=${edit} />
        <${Button} kind="primary" disabled=${!edit.isChanged.value || errors > 0} onClick=${() => setSaving(true)}>
          Review and publish<//>`} />
    ${edit.base.value.isFile && html`<p class="notice">This policy is defined in the configuration file. Edit it
      there. <${CommandHint} command="gateway config reload" /></p>`}
    ${edit.restored.value && html`<p class="notice warn row">Your unpublished changes (
      <${RelativeTime} at=${edit.restored.value} />) were restored.
      <${Button} onClick=${() => { edit.forget(); edit.restored.value = null; edit.load(); }}>Discard changes<//></p>`}
    ${edit.failed.value && html`<${ErrorBox} error=${edit.failed.value}
      retry=${() => { edit.failed.value = null; }} />`}
    ${query.make === 'rule' && edit.isReady.value && !isFixed && html`<${RuleFromCall} edit=${edit} query=${query} />`}
    <${Candidate} edit=${edit} isFixed=${isFixed} />
    <div class="filters policy-bar">
      <div class="segments" role="group" aria-label="View">${views.map(([value, title]) => html`<button type="button"
        aria-pressed=${view === value ? 'true' : 'false'} onClick=${() => setQuery({ view: value })}>
          ${title}</button>`)}</div>
      <${Field} label="Server" as="select" value=${edit.server.value}
        onChange=${(/** @type {FieldEvent} */ event) => { setQuery({ server: event.target.value }); }}>
        <option value="">None</option>
        ${servers.map((/** @type {string} */ one) => html`<option value=${one} selected=${one === edit.server.value}>
          ${one}</option>`)}<//>
      <p class="policy-state" role="status">${state(edit, errors)}</p>
    </div>
    ${!edit.isReady.value ? html`<${Skeleton} lines=${8} />`
      : view === 'versions' ? html`<${Versions} edit=${edit} isFixed=${isFixed} />`
      : html`<div class=${`policy-views ${view}`}>
        ${view !== 'text' && html`<${Rules} edit=${edit} isFixed=${isFixed} opened=${query.tool} />`}
        ${view !== 'rules' && html`<${Card} title="JSON" class="policy-json">
          <${Editor} edit=${edit} readOnly=${isFixed} />
          <${Findings} edit=${edit} /><//>`}
      </div>`}
    <${CommandHint} command=${`gateway policy set ${name} ${name}.json`} />
    ${isSaving && html`<${Save} edit=${edit} onClose=${() => setSaving(false)} />`}
    ${['test', 'replay'].includes(query.make) && edit.isReady.value && !isFixed && html`<${SaveFromCall} edit=${edit}
      query=${query} />`}`;
}

/**
 * The dialog before publishing, with the call that the address names.
 * @param {{ edit: import('./edit.js').Edit, query: Record<string, string> }} props
 */
function SaveFromCall({ edit, query }) {
  const { call, error } = useCall(query);
  if (error) return html`<${ErrorBox} error=${error} />`;
  return call && html`<${Save} edit=${edit} first=${query.make === 'test' ? 'try' : 'backtest'} call=${call}
    onClose=${leaveCall} />`;
}

/** @param {import('./edit.js').Edit} edit @param {number} errors */
function state(edit, errors) {
  if (errors > 0) return html`<${Badge} tone="bad">${errors} ${errors === 1 ? 'error' : 'errors'}<//>`;
  const warnings = edit.review.value?.problems.length ?? 0;
  return html`${edit.isChanged.value ? html`<${Badge} tone="info">unpublished changes<//>` : html`<${Badge} tone="ok">
    published<//>`}
    ${warnings > 0 && html` <${Badge} tone="warn">${warnings} ${warnings === 1 ? 'finding' : 'findings'}<//>`}`;
}

/**
 * What is wrong, or hardly meant, in words; for whoever does not look at the text.
 * @param {{ edit: import('./edit.js').Edit }} props
 */
export function Findings({ edit }) {
  const { error } = edit.parsed.value;
  const problems = error && !edit.isCurrent.value ? [] : edit.review.value?.problems ?? [];
  const note = edit.review.value?.note;
  if (problems.length === 0 && !note) return null;
  return html`${note && html`<p class="notice warn"><${Untrusted} text=${note} max=${600} /></p>`}
    <ul class="list findings" aria-label="Findings">${problems.slice(0, 50).map(problem => html`<li>
    <${Badge} tone=${problem.severity === 'error' ? 'bad' : 'warn'}>${problem.code ?? problem.severity}<//>
    <span><${Untrusted} text=${problem.message} /> <span class="muted">line ${problem.line}</span></span></li>`)}</ul>`;
}

/** The servers, and who uses the policy where; the first server that it is used for is chosen.
 * @param {import('./edit.js').Edit} edit @param {string | undefined} wanted */
function useServers(edit, wanted) {
  const servers = useResource('servers', { query: { limit: 200 } });
  const policies = useResource('policies', { query: { limit: 200 } });
  const [found, setFound] = useState(/** @type {string | null} */ (null));
  const names = (servers.data?.items ?? []).map(one => one.name);
  const users = policies.data?.items.find(one => one.name === edit.name)?.grants ?? [];
  useEffect(() => {
    if (!policies.data || found !== null) return;
    if (users.length === 0) { setFound(''); return; }
    get(path('grants', users[0])).then(grant => setFound(
      Object.entries(grant.servers ?? {}).find(([, policy]) => policy === edit.name)?.[0] ?? ''), () => setFound(''));
  }, [policies.data]);
  const chosen = wanted ?? (found || (names.length === 1 ? names[0] : ''));
  useEffect(() => { if (servers.data && found !== null) edit.server.value = names.includes(chosen) ? chosen : ''; },
    [chosen, servers.data, found]);
  return { servers: names, users };
}

/** @param {import('./edit.js').Edit} edit @param {boolean} isFixed */
function useLeaveKeys(edit, isFixed) {
  useEffect(() => {
    /** @param {KeyboardEvent} event */
    const press = event => {
      const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
      if (isFixed || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z'
        || target.closest?.('input, textarea, [contenteditable]')) return;
      event.preventDefault();
      if (event.shiftKey) edit.redo(); else edit.undo();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [edit, isFixed]);
}
