// The records that match, as a file: JSON Lines, each as it stands in the record.
import { request } from '../../api/client.js';
import { parse } from '../../state/json-text.js';

const most = 50_000;

/**
 * Reads what matches, the oldest first, and has the browser keep it as a file.
 * @param {import('../../api/client.js').Query} query The filters.
 * @param {(records: number) => void} told Hears how many were read so far.
 * @returns {Promise<{ records: number, isAll: boolean }>}
 */
export async function exportRecords(query, told) {
  /** @type {string[]} */
  const lines = [];
  let cursor;
  let isAll = false;
  while (!isAll && lines.length < most) {
    const { data: text } = await request('GET', 'audit', { query: { ...query, limit: 500, cursor }, text: true });
    const page = JSON.parse(text);
    // The text is kept, and not written again: amounts have more digits than a number here.
    const items = parse(text).root?.members.find(member => member.name === 'items')?.value.items ?? [];
    for (const item of items) lines.push(text.slice(item.start, item.end));
    told(lines.length);
    ({ next: cursor } = page);
    isAll = !page.more;
  }

  const file = URL.createObjectURL(new Blob(lines.map(line => `${line}\n`), { type: 'application/jsonl' }));
  const link = document.createElement('a');
  link.href = file;
  link.download = `audit-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.jsonl`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(file), 10_000);
  return { records: lines.length, isAll };
}
