// Tables and words of the HTML report; every text is escaped here.

/** A table; `rows` are cells as `cell` makes them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const titles = head.map((title) => `<th>${escapeHtml(title)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.join('')}</tr>`).join('\n');
  return `<table><thead><tr>${titles}</tr></thead><tbody>${body}</tbody></table>`;
}

/** One cell of plain text, right-aligned with the style `n`. */
export function cell(text: string, style = ''): string {
  return `<td${style === '' ? '' : ` class="${style}"`}>${escapeHtml(text)}</td>`;
}

/** Text that means nothing but itself. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** The UTC day. */
export function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The UTC minute; daily bars start at midnight, and their time says nothing. */
export function time(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ').replace(' 00:00', '');
}
