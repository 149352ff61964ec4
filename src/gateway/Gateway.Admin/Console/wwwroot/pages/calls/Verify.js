// The check that nobody changed the audit log.
import { html, useState } from '../../vendor/ui.js';
import { Button, Card, CommandHint, Time, Untrusted, count, loaded } from '../../components/index.js';
import { useResource } from '../../state/resource.js';

/** @type {Record<string, string>} */
const results = {
  sound: 'All compared records are unchanged.', broken: 'Some records were changed after they were written.',
  nothing_to_compare: 'No checkpoints to compare with yet.',
};

export function Verify() {
  const [wanted, setWanted] = useState(false);
  const report = useResource(wanted ? 'audit/verify' : null);
  return html`<${Card} title="Integrity" actions=${html`<${Button} busy=${wanted && report.loading}
      onClick=${() => { if (wanted) report.reload(); else setWanted(true); }}>Verify log<//>`}>
    <p class="muted">Compares every record of this gateway with the signed checkpoints. Reads the entire log.</p>
    ${wanted && loaded(report, data => html`
      <p class=${`notice ${data.result === 'sound' ? 'ok' : 'warn'}`}>${results[data.result] ?? data.result}</p>
      <dl class="facts"><dt>Verified records</dt><dd>${count(data.proved)}</dd><dt>Checkpoints</dt>
        <dd>${count(data.checkpoints)}${
        data.newest && html`, latest <${Time} at=${data.newest} />`}</dd>
        <dt>Not covered</dt><dd>${data.limits.map((/** @type {string} */ one) => html`<p>
          <${Untrusted} text=${one} /></p>`)}</dd></dl>`)}
    <${CommandHint} command="gateway audit verify" /><//>`;
}
