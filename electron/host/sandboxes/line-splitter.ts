// Cuts a stream of text into lines within bounded memory.

export type SplitLine =
  | { readonly kind: 'line'; readonly text: string }
  /** A line beyond the limit; the rest of it is skipped. */
  | { readonly kind: 'too-long'; readonly start: string };

const shownChars = 200;

export interface LineSplitter {
  /** Returns the lines that the text completes; empty ones are left out. */
  push(text: string): SplitLine[];
  /** Forgets an unfinished line: what follows comes from another stream. */
  reset(): void;
}

/** Accepts lines of at most `limitChars` UTF-16 units. */
export function createLineSplitter(limitChars: number): LineSplitter {
  let partial = '';
  let skipping = false;

  function finish(line: string): SplitLine | null {
    const isRest = skipping;
    skipping = false;
    if (isRest || line === '') return null;
    return line.length > limitChars ? tooLong(line) : { kind: 'line', text: line };
  }

  return {
    push(text) {
      const pieces = text.split('\n');
      const last = pieces.pop() ?? '';
      const lines: SplitLine[] = [];
      for (const piece of pieces) {
        const line = finish(partial + piece);
        partial = '';
        if (line) lines.push(line);
      }
      partial = skipping ? '' : partial + last;
      if (partial.length > limitChars) {
        lines.push(tooLong(partial));
        partial = '';
        skipping = true;
      }
      return lines;
    },
    reset() {
      partial = '';
      skipping = false;
    },
  };
}

function tooLong(line: string): SplitLine {
  return { kind: 'too-long', start: line.slice(0, shownChars) };
}
