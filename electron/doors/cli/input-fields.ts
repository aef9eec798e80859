// Reads a zod object the way a command line needs it: one option a field, with its rule in words.
import { z } from 'zod';

export interface InputField {
  /** As the operation spells it, for example "perSandbox". */
  readonly name: string;
  /** As the command line spells it, for example "per-sandbox". */
  readonly flag: string;
  /** A `record` is given as name=value, once for each of its entries. */
  readonly kind: 'text' | 'number' | 'boolean' | 'list' | 'record';
  /** A list whose schema reads the comma-separated text by itself, for example to put it into upper case. */
  readonly readsText: boolean;
  readonly description: string;
  readonly required: boolean;
  /** What holds when the option is left out; null when nothing does. */
  readonly defaultText: string | null;
  /** Allowed values; empty when they cannot be listed. */
  readonly choices: readonly string[];
  /** A secret: read from standard input, never given on the line and never shown. */
  readonly fromStdin: boolean;
  /** The remedy, for example "give 1 to 100"; null when only the schema's own message can say. */
  readonly rule: string | null;
}

const Schema = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
  const: z.union([z.string(), z.number()]).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  /** The entries of a list. */
  items: z.object({ type: z.string().optional() }).optional().catch(undefined),
  /** The values of a record. */
  additionalProperties: z.object({ type: z.string() }).optional().catch(undefined),
  get anyOf() {
    return z.array(Schema).optional();
  },
});
type Schema = z.infer<typeof Schema>;

const ObjectSchema = z.object({
  type: z.literal('object'),
  properties: z.record(z.string(), Schema).default({}),
  required: z.array(z.string()).default([]),
});

const Default = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);

/** Lists the fields of an input schema in its order, `stdin` naming the secret ones. Throws on what no option can carry, for example a nested object. */
export function inputFields(input: z.ZodType, stdin: readonly string[] = []): InputField[] {
  const schema = ObjectSchema.parse(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }));
  const shape = input instanceof z.ZodObject ? input.shape : {};
  return Object.entries(schema.properties).map(([name, field]) => ({
    name,
    flag: flagOf(name, kindOf(name, field)),
    kind: kindOf(name, field),
    // What has parts of its own is not to be cut at commas.
    readsText:
      (field.anyOf ?? []).some((option) => option.type === 'string') || field.items?.type === 'object',
    description: field.description ?? '',
    required: schema.required.includes(name),
    defaultText: defaultTextOf(shape[name]),
    choices: choicesOf(field),
    fromStdin: stdin.includes(name),
    rule: ruleOf(field),
  }));
}

/** A record's option carries one entry, so it is named in the singular: "params" becomes "param". */
function flagOf(name: string, kind: InputField['kind']): string {
  return kebabCase(kind === 'record' ? name.replace(/s$/, '') : name);
}

/** "perSandbox" becomes "per-sandbox". */
function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function kindOf(name: string, field: Schema): InputField['kind'] {
  const types = new Set(field.anyOf ? field.anyOf.map((option) => option.type) : [field.type]);
  if (types.has('array')) return 'list';
  const [type] = types;
  if (types.size !== 1) throw new TypeError(`field ${name} has no single type; an option cannot carry it`);
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'boolean') return 'boolean';
  if (type === 'string') return 'text';
  if (type === 'object' && field.additionalProperties) return 'record';
  throw new TypeError(`field ${name} is of type ${type}; an option cannot carry it`);
}

/** Asks the schema itself: a default behind a transform is missing from the JSON schema. */
function defaultTextOf(field: unknown): string | null {
  if (!(field instanceof z.ZodType)) return null;
  const value = Default.safeParse(field.safeParse(undefined).data);
  return value.success ? String(value.data) : null;
}

function choicesOf(field: Schema): string[] {
  if (field.enum) return field.enum;
  const constants = (field.anyOf ?? []).map((option) => option.const);
  return constants.every((constant) => constant !== undefined) ? constants.map(String) : [];
}

function ruleOf(field: Schema): string | null {
  const choices = choicesOf(field);
  if (choices.length > 0) return `give ${either(choices)}`;
  if (field.type === 'integer' || field.type === 'number') return numberRule(field);
  const { minLength, maxLength } = field;
  if (minLength !== undefined && maxLength !== undefined)
    return `give ${minLength} to ${maxLength} characters`;
  if (maxLength !== undefined) return `give at most ${maxLength} characters`;
  if (minLength !== undefined) return `give at least ${minLength} character${minLength === 1 ? '' : 's'}`;
  return null;
}

function numberRule({ type, minimum, maximum }: Schema): string {
  const low = isBound(minimum) ? minimum : null;
  const high = isBound(maximum) ? maximum : null;
  if (low !== null && high !== null) return `give ${low} to ${high}`;
  if (low !== null) return `give ${low} or more`;
  if (high !== null) return `give ${high} or less`;
  return type === 'integer' ? 'give a whole number' : 'give a number';
}

/** An integer schema without a bound of its own has the safe integers' bounds. */
function isBound(limit: number | undefined): limit is number {
  return limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
}

function either(choices: readonly string[]): string {
  const last = choices.at(-1) ?? '';
  return choices.length > 1 ? `${choices.slice(0, -1).join(', ')} or ${last}` : last;
}
