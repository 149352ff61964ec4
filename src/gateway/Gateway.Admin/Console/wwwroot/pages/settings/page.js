import { html } from '../../vendor/ui.js';
import { may } from '../../api/client.js';
import { PageHead, Tabs } from '../../components/index.js';
import { link } from '../../state/route.js';
import { Alerts } from './Alerts.js';
import { Channels } from './Channels.js';
import { Gateway } from './Gateway.js';
import { Lists } from './Lists.js';
import { Operators, Sessions } from './Operators.js';

/** @type {[string, string, string, (props: { name?: string, query: Record<string, string> }) => Children][]} */
const parts = [
  ['gateway', 'Gateway', 'Read', Gateway], ['lists', 'Named lists', 'Read', Lists],
    ['channels', 'Channels', 'Read', Channels],
  ['alerts', 'Alerts', 'Read', Alerts],
  ['operators', 'Operators and API keys', 'Administer', Operators], ['sessions', 'Sessions', 'Administer', Sessions],
];

/** @param {import('../index.js').PageProps} props */
export default function Settings({ segments: [part = 'gateway', name], query }) {
  const shown = parts.filter(([, , needs]) => may(needs));
  const [key, , , Part] = shown.find(([one]) => one === part) ?? shown[0];
  return html`<${PageHead} title="Settings" lead="Access, notifications and gateway configuration." />
    <${Tabs} label="Settings sections" now=${key} to=${(/** @type {string} */ one) => link('settings', one)}
      parts=${shown.map(([one, text]) => [one, text])} />
    <${Part} key=${key + (name ?? '')} name=${name} query=${query} />`;
}
