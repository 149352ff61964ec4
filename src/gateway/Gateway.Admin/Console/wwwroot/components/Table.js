import { html } from '../vendor/ui.js';

/**
 * @template T
 * @typedef {{ title: Children, cell: (row: T) => Children, number?: boolean, narrow?: boolean, key?: string }} Column
 * `number` aligns right; with a column of `narrow: false`, rows become blocks on small screens, which show each title.
 */

/**
 * Rows that may be moved through with j and k, and opened with Enter where `href` says so (the first cell is the link).
 * @template T
 * @param {{ label: string, columns: Column<T>[], rows: T[], keyOf: (row: T) => string | number,
 *   href?: (row: T) => string | undefined, empty?: Children }} props
 */
export const table = props => html`<${Table} ...${props} />`;

/** @template T @param {Parameters<typeof table<T>>[0]} props */
function Table({ label, columns, rows, keyOf, href, empty }) {
  if (rows.length === 0 && empty) return empty;
  const stacks = columns.some(column => column.narrow === false);
  return html`<div class=${stacks ? 'table stacks' : 'table'} role="region" aria-label=${label} tabindex="0">
    <table>
      <thead><tr>${columns.map(column => html`<th scope="col" class=${classOf(column)}>${column.title}</th>`)}</tr>
        </thead>
      <tbody>${rows.map(row => {
        const to = href?.(row);
        return html`<tr key=${keyOf(row)} data-row>
          ${columns.map((column, index) => index === 0
            ? html`<th scope="row" class=${classOf(column)}>
              ${to ? html`<a href=${to}>${column.cell(row)}</a>` : column.cell(row)}</th>`
            : html`<td class=${classOf(column)} data-title=${column.title === 'Actions' ? undefined : column.title}>
              ${column.cell(row)}</td>`)}
        </tr>`;
      })}</tbody>
    </table>
  </div>`;
}

/** @param {Column<never>} column */
const classOf = column => column.number ? 'number' : undefined;
