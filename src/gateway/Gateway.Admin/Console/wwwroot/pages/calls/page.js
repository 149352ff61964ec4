import { Call } from './Call.js';
import { Explorer } from './Explorer.js';
import { html } from '../../vendor/ui.js';

/** @param {import('../index.js').PageProps} props */
export default function Calls({ segments: [id], query }) {
  return id ? html`<${Call} key=${id} id=${id} at=${query.at} of=${query.of} />` : html`<${Explorer} query=${query} />`;
}
