/** The UTC day of a bar: "2020-01-02". */
export function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
