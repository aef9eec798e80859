// What a data grid needs to know of a column.
export interface GridColumn<Row> {
  readonly id: string;
  readonly name: string;
  readonly align: 'left' | 'right';
  /** What the rows are sorted by; null stands last. Left out where sorting says nothing. */
  readonly sortBy?: (row: Row) => string | number | null;
  /** Pixels; the columns without a width share what remains. */
  readonly width?: number;
  readonly title?: string;
  /** Left out while the inspector takes the room; it shows the same value. */
  readonly wideOnly?: boolean;
  /** Takes what remains while the grid is compact. */
  readonly fillsCompact?: boolean;
}
