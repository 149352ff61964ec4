// Draws texts that users read, and pages of documents, for a reader: sample.mjs SEED [STRINGS] [PAGES]
// The seed is the id of a commit, so that nobody chooses the texts. Prints JSON: { strings: [{ at, text }], pages:
// [path] }.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [seed = 'HEAD', strings = '200', pages = '20'] = process.argv.slice(2);
const root = new URL('../../', import.meta.url);
const files = execFileSync('git', ['ls-files', 'src', 'docs', 'README.md'], { cwd: root, encoding: 'utf8' })
  .split('\n').filter(Boolean);
const rank = text => createHash('sha256').update(`${seed} ${text}`).digest('hex');
const drawn = (list, most, keyOf) => list.map(one => [rank(keyOf(one)), one])
  .sort(([one], [other]) => one < other ? -1 : 1).slice(0, most).map(([, one]) => one);

/** Sentences have words; names, paths, SQL and formats do not look like them. */
const isSentence = text => /^["A-Z]/.test(text) && /[a-z]{2,} [a-z]+ /.test(text) && text.length >= 25
  && !/\b(SELECT|INSERT|UPDATE|CREATE|WHERE)\b/.test(text) && !/^[A-Z][a-z]+\.[A-Z]/.test(text);

/** Adjacent literals are one text; what is inserted has its name in braces. */
function* literals(code) {
  const text = code.replace(/^\s*\/\/.*$/gm, '');
  const one = /\$?"((?:[^"\\\n]|\\.)*)"/y;
  for (const { index } of text.matchAll(/(?<!["@\\])\$?"/g)) {
    if (index < one.lastIndex) continue;
    let whole = '';
    for (one.lastIndex = index; ;) {
      const part = one.exec(text);
      if (!part) break;
      whole += part[1].replace(/\\"/g, '"');
      const joint = /\s*\+\s*(?=\$?")/y;
      joint.lastIndex = index + (one.lastIndex - index);
      const next = joint.exec(text);
      if (!next) break;
      one.lastIndex = joint.lastIndex;
    }
    if (one.lastIndex === 0) one.lastIndex = index + 1;
    yield whole;
  }
}

/** The text of templates, and of the attributes that people read. */
function* templates(code) {
  for (const [, attribute] of code.matchAll(/(?:hint|lead|label|title)="([^"]+)"/g)) yield attribute;
  for (const [, inner] of code.matchAll(/>([^<>`]+)</g)) yield inner.replace(/\$\{[^}]*\}/g, '{}');
}

const found = files.filter(path => /\.(cs|js)$/.test(path) && !path.includes('/vendor/'))
  .flatMap(path => [...(path.endsWith('.cs') ? literals : templates)(readFileSync(new URL(path, root), 'utf8'))]
    .map(text => ({ at: path, text: text.replace(/\s+/g, ' ').trim() })))
  .filter(({ text }) => isSentence(text));
const unique = [...new Map(found.map(one => [one.text, one])).values()];
const documents = files.filter(path => path.endsWith('.md') && !path.startsWith('docs/decisions/')
  && !path.startsWith('docs/reference/'));
console.log(JSON.stringify({ seed, of: unique.length, strings: drawn(unique, Number(strings), one => one.text),
  pages: drawn(documents, Number(pages), one => one) }, null, 1));
