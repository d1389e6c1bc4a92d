import { badInput } from './core-error.js';

export type JsonObject = Record<string, unknown>;

/** The fields of one request, read by name; a field of the wrong kind is answered the way the real core words it. */
export class Input {
  constructor(
    private readonly values: JsonObject,
    private readonly source: 'JSON input' | 'GET request',
  ) {}

  text(name: string): string {
    return this.must(name, this.findText(name));
  }

  findText(name: string): string | undefined {
    return this.find(name, (value) => {
      const text = Array.isArray(value) && this.source === 'GET request' ? value[0] : value;
      // Postgres cannot store NUL, and no field of the interface has a use for it.
      return typeof text === 'string' && !text.includes('\0') ? text : undefined;
    });
  }

  has(name: string): boolean {
    return Object.hasOwn(this.values, name);
  }

  /** Distinguished from an absent field, which changes nothing: an explicit null clears. */
  isNull(name: string): boolean {
    return this.has(name) && this.values[name] === null;
  }

  isEmpty(): boolean {
    return Object.keys(this.values).length === 0;
  }

  flag(name: string): boolean {
    return this.must(name, this.findFlag(name));
  }

  findFlag(name: string): boolean | undefined {
    return this.find(name, (value) => {
      if (this.source === 'JSON input') return typeof value === 'boolean' ? value : undefined;
      const word = String(value).toLowerCase();
      return word === 'true' || word === 'false' ? word === 'true' : undefined;
    });
  }

  number(name: string): number {
    return this.must(name, this.findNumber(name));
  }

  findNumber(name: string): number | undefined {
    return this.find(name, (value) => {
      if (this.source === 'JSON input') return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
      if (!/^[+-]?\d{1,9}$/.test(String(value)))
        throw badInput(`Field name '${name}' must be an int in the GET request`);
      return Number(value);
    });
  }

  object(name: string): JsonObject {
    return this.must(name, this.findObject(name));
  }

  findObject(name: string): JsonObject | undefined {
    return this.find(name, (value) => (isJsonObject(value) ? value : undefined));
  }

  findTexts(name: string): string[] | undefined {
    return this.find(name, (value) =>
      Array.isArray(value) && value.every((item) => typeof item === 'string' && !item.includes('\0'))
        ? (value as string[])
        : undefined,
    );
  }

  private find<Value>(name: string, parse: (value: unknown) => Value | undefined): Value | undefined {
    const value = this.has(name) ? this.values[name] : undefined;
    if (value === undefined) return undefined;
    // A field that may be left out may not be null, save where isNull was asked first.
    const parsed = value === null ? undefined : parse(value);
    if (parsed === undefined) throw badInput(`Field name '${name}' is invalid in ${this.source}`);
    return parsed;
  }

  private must<Value>(name: string, value: Value | undefined): Value {
    if (value !== undefined) return value;
    throw badInput(`Field name '${name}' is ${this.source === 'JSON input' ? 'invalid' : 'missing'} in ${this.source}`);
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
