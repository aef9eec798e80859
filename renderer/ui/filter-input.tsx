/** Names the filter of the screen for the `/` key. */
export const filterInputId = 'screen-filter';

export interface FilterInputProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** Narrows the rows of a screen by words; Escape empties it. */
export function FilterInput({ label, text, onText }: FilterInputProps) {
  return (
    <input
      id={filterInputId}
      type="search"
      aria-label={label}
      aria-keyshortcuts="/"
      placeholder="/ filter"
      value={text}
      onChange={(event) => onText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onText('');
        event.currentTarget.blur();
      }}
      spellCheck={false}
      className="h-6 w-36 rounded-control border border-line bg-bg px-2 text-cell focus:border-control"
    />
  );
}
