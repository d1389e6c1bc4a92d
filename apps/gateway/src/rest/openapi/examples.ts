import type { JsonSchema } from './json-schema.js';

const UUID = '01935b2e-7f3a-7c1e-9d4b-2f6a8c0e1b37';
const TIME = '2026-11-21T09:30:00.000Z';
const PICTURE = 'https://media.example.com/harbour.jpg';

/** What stands in texts and numbers of these names. */
const BY_NAME: Record<string, unknown> = {
  after: 'eyJjIjoxfQ',
  altText: 'A harbour at sunrise.',
  avatar: PICTURE,
  bio: 'Harbours, mostly.',
  blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
  byteSize: 482_133,
  caption: 'Sunrise over the harbour #morning',
  code: 'dQw4w9WgXcQ',
  contentType: 'image/jpeg',
  contentWarning: 'Blood',
  device: 'Firefox on Linux',
  displayName: 'Ann Lee',
  email: 'ann@example.com',
  end: 33,
  height: 1_350,
  ipAddress: '192.0.2.1',
  limit: 20,
  links: 'https://example.com/ann',
  location: 'Bergen',
  name: 'morning',
  nextCursor: 'eyJjIjoyMH0',
  note: 'It is the same advertisement everywhere.',
  query: 'harbour',
  start: 25,
  text: 'So blue!',
  url: PICTURE,
  username: 'ann',
  value: 'image/jpeg',
  width: 1_080,
};

/** Where an example is: the name of the value, and what the thing around it is. */
interface Place {
  name: string;
  kind: string;
  depth: number;
}

const MAX_DEPTH = 2;
const KINDS = ['user', 'post', 'comment', 'media', 'hashtag'];
const REFERENCE = '#/components/schemas/';

/** Makes examples of schemas; `kinds` says what the shapes are of, by their names. */
export class Examples {
  constructor(
    private readonly shapes: Record<string, JsonSchema>,
    private readonly kinds: ReadonlyMap<string, string>,
  ) {}

  /** An example of an answer. */
  ofAnswer(schema: JsonSchema): unknown {
    return this.value(schema, { name: '', kind: '', depth: 0 });
  }

  /** An example of a body: what it must have, or the first of what it may have. */
  ofBody(schema: JsonSchema): unknown {
    const properties = schema['properties'] as Record<string, JsonSchema>;
    const names = (schema['required'] as string[] | undefined) ?? Object.keys(properties).slice(0, 1);
    const entries = names.map((name) => [name, this.ofParameter(name, properties[name]!)]);
    return Object.fromEntries(entries);
  }

  /** An example of a parameter, or of a value in a body. */
  ofParameter(name: string, schema: JsonSchema): unknown {
    return this.value(schema, { name, kind: name, depth: 0 });
  }

  private value(schema: JsonSchema, place: Place): unknown {
    const reference = schema['$ref'] as string | undefined;
    if (reference) return this.shape(reference.slice(REFERENCE.length), place);
    const choices = schema['anyOf'] as JsonSchema[] | undefined;
    if (choices) return place.depth >= MAX_DEPTH ? null : this.value(choices[0]!, place);
    const [type] = [schema['type']].flat();
    if (type === 'object') return this.object(schema, place);
    if (type === 'array') return [this.value(schema['items'] as JsonSchema, place)];
    return scalarExample(schema, String(type), place);
  }

  private shape(name: string, { depth, ...place }: Place): unknown {
    const kind = this.kinds.get(name) ?? place.kind;
    return this.value(this.shapes[name]!, { ...place, kind, depth: depth + 1 });
  }

  private object(schema: JsonSchema, { kind, depth }: Place): unknown {
    const properties = Object.entries(schema['properties'] as Record<string, JsonSchema>);
    const shown = properties.map(([name, value]) => {
      const place = { name, kind: KINDS.includes(name) ? name : kind, depth };
      return [name, this.value(value, place)];
    });
    return Object.fromEntries(shown);
  }
}

function scalarExample(schema: JsonSchema, type: string, { name, kind }: Place): unknown {
  if (schema['enum']) return (schema['enum'] as unknown[])[0];
  if (schema['format'] === 'date-time') return TIME;
  if (type === 'boolean') return false;
  const ofKind = /^\^\(?([a-z-]+)[|)_]/.exec(String(schema['pattern']))?.[1];
  if (ofKind) return `${ofKind}_${UUID}`;
  if (name in BY_NAME) return BY_NAME[name];
  if (type === 'number') return 0.5;
  if (type === 'integer') return Math.max(1, Number(schema['minimum'] ?? 1));
  return /^id$|Ids?$/.test(name) ? `${kind || 'post'}_${UUID}` : 'As you like it.';
}
