// The theme, the menu on small screens, and the search. No part of a page needs this to be read.
(() => {
  const root = document.currentScript.dataset.root;
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  if (stored()) document.documentElement.dataset.theme = stored();

  let sections;
  const load = () => sections ??= fetch(`${root}search.json`).then(answer => answer.json());

  // All words must be there; a word in a heading counts more than one in a title, and that more than one in the text.
  const find = (all, query) => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const scored = [];
    for (const [url, title, heading, text] of all) {
      const places = [heading.toLowerCase(), title.toLowerCase(), text.toLowerCase()];
      let score = 0;
      for (const word of words) {
        const found = places.findIndex(place => place.includes(word));
        if (found < 0) { score = 0; break; }
        score += [9, 3, 1][found] + (places[0] === word ? 9 : 0);
      }
      if (score > 0) scored.push({ url, title, heading, text, words, score });
    }
    return scored.sort((a, b) => b.score - a.score).slice(0, 20);
  };

  // As nodes, never as HTML: what a document quotes stays text.
  const marked = (text, words, into) => {
    const lower = text.toLowerCase();
    let at = 0;
    while (at < text.length) {
      const hits = words.map(word => [lower.indexOf(word, at), word.length]).filter(hit => hit[0] >= 0);
      if (hits.length === 0) break;
      const [start, length] = hits.sort((a, b) => a[0] - b[0])[0];
      into.append(text.slice(at, start));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, start + length);
      into.append(mark);
      at = start + length;
    }
    into.append(text.slice(at));
  };

  const around = ({ text, words }) => {
    const at = Math.max(0, ...words.map(word => text.toLowerCase().indexOf(word)));
    const start = Math.max(0, at - 60);
    return (start > 0 ? "…" : "") + text.slice(start, start + 160) + (start + 160 < text.length ? "…" : "");
  };

  addEventListener("DOMContentLoaded", () => {
    const theme = document.getElementById("theme");
    theme.addEventListener("click", () => {
      const now = document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
      const next = now === "dark" ? "light" : "dark";
      document.documentElement.dataset.theme = next;
      try { localStorage.setItem("theme", next); } catch { /* A browser may keep nothing. */ }
    });

    const menu = document.getElementById("menu");
    const small = matchMedia("(max-width: 760px)");
    const fold = () => { menu.open = !small.matches; };
    small.addEventListener("change", fold);
    fold();

    const input = document.getElementById("search");
    const found = document.getElementById("found");
    const results = document.getElementById("results");
    const count = document.getElementById("count");
    let chosen = -1;
    let searched = Promise.resolve();
    const show = on => {
      found.hidden = !on;
      input.setAttribute("aria-expanded", String(on));
      if (!on) input.removeAttribute("aria-activedescendant");
    };
    const choose = index => {
      const items = [...results.children];
      chosen = items.length === 0 ? -1 : (index + items.length) % items.length;
      items.forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
      if (chosen < 0) input.removeAttribute("aria-activedescendant");
      else {
        input.setAttribute("aria-activedescendant", items[chosen].id);
        items[chosen].scrollIntoView({ block: "nearest" });
      }
    };
    const search = async () => {
      const query = input.value.trim();
      if (query === "") return show(false);
      let hits;
      try {
        hits = find(await load(), query);
      } catch {
        sections = undefined;
      }
      if (query !== input.value.trim() || document.activeElement !== input) return;
      results.replaceChildren(...(hits ?? []).map((hit, i) => {
        const link = document.createElement("a");
        link.id = `result-${i}`;
        link.setAttribute("role", "option");
        link.href = root + hit.url;
        link.tabIndex = -1;
        const heading = document.createElement("b");
        marked(hit.heading === hit.title ? hit.title : `${hit.title}: ${hit.heading}`, hit.words, heading);
        const text = document.createElement("small");
        marked(around(hit), hit.words, text);
        link.append(heading, text);
        return link;
      }));
      results.hidden = !hits?.length;
      count.textContent = !hits ? "The search index cannot be read here."
        : hits.length === 0 ? "Nothing found."
        : hits.length === 1 ? "1 section" : `${hits.length} sections`;
      show(true);
      choose(0);
    };
    input.addEventListener("focus", () => {
      load().catch(() => { sections = undefined; });
      searched = search();
    });
    input.addEventListener("input", () => { searched = search(); });
    input.addEventListener("keydown", event => {
      if (event.key === "ArrowDown") choose(chosen + 1);
      else if (event.key === "ArrowUp") choose(chosen - 1);
      else if (event.key === "Enter") searched.then(() => results.querySelector("[aria-selected=true]")?.click());
      else if (event.key === "Escape") { input.value = ""; show(false); }
      else return;
      event.preventDefault();
    });
    results.addEventListener("click", () => show(false));
    // The search keeps the keyboard while something is clicked in what it found.
    found.addEventListener("mousedown", event => event.preventDefault());
    input.addEventListener("blur", () => show(false));
    addEventListener("keydown", event => {
      const typing = event.target.closest("input, textarea, select, [contenteditable]");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        input.focus();
      }
    });
  });
})();
