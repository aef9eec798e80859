// Booleans in query strings, which clients of different languages spell differently.
import { z } from 'zod';

const spelled = new Map([
  ...['1', 't', 'T', 'true', 'True', 'TRUE'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'False', 'FALSE'].map((text) => [text, false] as const),
]);

/** Reads a flag; false where it is left out. */
export const QueryFlag = z
  .string()
  .transform((text, context) => {
    const flag = spelled.get(text);
    if (flag === undefined) context.addIssue(`"${text}" is neither true nor false`);
    return flag ?? false;
  })
  .default(false);
