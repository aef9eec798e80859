// Shapes that say a state without colour: drawn, so that no font can replace them by an emoji.
import { classNames } from './class-names.ts';

export type GlyphShape = 'dot' | 'ring' | 'half' | 'quarter' | 'triangle' | 'square' | 'cross';

const paths: Record<GlyphShape, string> = {
  dot: 'M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9z',
  ring: 'M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9zM6 2.7a3.3 3.3 0 1 0 0 6.6a3.3 3.3 0 0 0 0-6.6z',
  half: 'M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9zM6 2.7v6.6a3.3 3.3 0 0 0 0-6.6z',
  quarter:
    'M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9zM6 2.7V6h3.3a3.3 3.3 0 0 1-3.3 3.3a3.3 3.3 0 0 1 0-6.6z',
  triangle: 'M6 1.2 11.2 10.6H.8z',
  square: 'M1.8 1.8h8.4v8.4H1.8z',
  cross: 'M2.6 1.6 6 5l3.4-3.4 1 1L7 6l3.4 3.4-1 1L6 7l-3.4 3.4-1-1L5 6 1.6 2.6z',
};

export function Glyph(props: { readonly shape: GlyphShape; readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 12 12"
      width={10}
      height={10}
      aria-hidden="true"
      className={classNames('inline-block shrink-0 fill-current', props.className)}
      fillRule="evenodd"
    >
      <path d={paths[props.shape]} />
    </svg>
  );
}
