import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../src/gateway/Gateway.Admin/Console/wwwroot/', import.meta.url));

/**
 * htm removes white space with a line break at both ends of a text, and so joins the text to what follows:
 * `one:\n<code>` becomes "one:<code>". Returns the line numbers of texts that lose a space beside something inline.
 */
function lostSpaces(/** @type {string} */ source) {
  const lost = [];
  const inline = /^<(?:a|abbr|b|code|em|kbd|span|strong|time|\$\{(?:Badge|RelativeTime|Time|Untrusted)\})[\s>]/;
  const inlineEnd = /^<(?:\/(?:a|abbr|b|code|em|kbd|span|strong|time)$|\$\{(?:Badge|RelativeTime|Time|Untrusted)\})/;
  const startsText = /^[ \t]*\n\s*[\p{L}\p{N}(]/u;
  const lineAt = (/** @type {number} */ at) => source.slice(0, at).split('\n').length;
  const tags = [0];
  // `modes` has 'code', and for each template inside of it 'text', or 'tag' between < and >.
  const modes = ['code'];
  const braces = [0];
  for (let at = 0; at < source.length; at++) {
    const rest = source.slice(at, at + 40);
    const mode = modes.at(-1);
    if (mode === 'code') {
      const skipped = /^(?:\/\/[^\n]*|\/\*[^]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")/.exec(source.slice(at));
      if (skipped) at += skipped[0].length - 1;
      else if (rest.startsWith('html`')) { modes.push('text'); at += 4; }
      else if (rest[0] === '`') modes.push('plain');
      else if (rest[0] === '{') braces.push(braces.pop() + 1);
      else if (rest[0] === '}' && braces.at(-1) > 0) braces.push(braces.pop() - 1);
      else if (rest[0] === '}') {
        modes.pop();
        braces.pop();
        const value = source.slice(source.lastIndexOf('${', at), at + 1);
        if (modes.at(-1) === 'text' && /^\$\{[\w.]+(?:\([\w.]*\))?\}$/.test(value)
          && startsText.test(source.slice(at + 1))) lost.push(lineAt(at));
      }
      continue;
    }
    if (mode === 'text' && /[\p{L}\p{N},.:;)]/u.test(rest[0])) {
      const gap = /^.[ \t]*\n\s*/u.exec(source.slice(at))?.[0];
      const next = gap && source.slice(at + gap.length);
      if (next && (inline.test(next) || /^\$\{(?!' '\})[\w.]+\}/.test(next)))
        lost.push(lineAt(at));
    }
    if (rest[0] === '\\') at++;
    else if (rest.startsWith('${')) { modes.push('code'); braces.push(0); at++; }
    else if (rest[0] === '`') modes.pop();
    else if (mode === 'text' && rest[0] === '<') {
      modes.push('tag');
      tags.push(at);
    } else if (mode === 'tag' && rest[0] === '>') {
      modes.pop();
      const tag = source.slice(tags.pop(), at);
      if (inlineEnd.test(tag) && /^<\/|\/$/.test(tag) && startsText.test(source.slice(at + 1))) lost.push(lineAt(at));
    }
  }
  assert.deepEqual(modes, ['code'], 'the source was read to its end');
  return lost;
}

test('a text that loses its space is found', () => {
  assert.deepEqual(lostSpaces('html`<p>one:\n  <code>x</code></p>`'), [1]);
  assert.deepEqual(lostSpaces('html`<p>\n by\n  ${name}, ${a({ b: `}` })}</p>`'), [2]);
  assert.deepEqual(lostSpaces('html`<p class="a\n b">one: <code>x</code> two\n <p>y</p></p>`'), []);
  assert.deepEqual(lostSpaces('html`<p><code>x</code>\n is ${count(a.b)}\n times</p>`'), [1, 2]);
  assert.deepEqual(lostSpaces("html`<p>one:\n  ${' '}<code>x</code>${html`<i>it's</i>`}</p>`"), []);
});

test('no text of the console loses its space', () => {
  const files = readdirSync(root, { recursive: true }).map(String)
    .filter(file => file.endsWith('.js') && !file.startsWith('vendor/'));
  assert.ok(files.length > 50);
  assert.deepEqual(files.flatMap(file =>
    lostSpaces(readFileSync(root + file, 'utf8')).map(line => `${file}:${line}`)), []);
});
