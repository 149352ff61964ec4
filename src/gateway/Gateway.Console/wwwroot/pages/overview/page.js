import { html } from '../../vendor/ui.js';
import { Card, CommandHint, Loaded, PageHead, count } from '../../components/index.js';
import { useResource } from '../../state/resource.js';

export default function Overview() {
  const status = useResource('status', { every: 10_000 });
  return html`<${PageHead} title="Overview" lead="How the gateway stands, and what waits for a person." />
    <${Loaded} of=${status}>${(/** @type {any} */ data) => html`
      <${Card} title="In force"><dl class="facts">
        <dt>Servers</dt><dd>${count(data.servers)}</dd><dt>Policies</dt><dd>${count(data.policies)}</dd>
        <dt>Grants</dt><dd>${count(data.grants)}</dd></dl>
        <${CommandHint} command="gateway status" /><//>`}<//>`;
}
