import type { Block } from './guide.js';

interface Line {
  text: string;
  /** Where the line comes from, such as docs/how-to/add-a-list.md:12. */
  origin?: string;
}

/** A source file that remembers which of its lines a guide has given. */
export class EditedFile {
  private readonly lines: Line[];

  constructor(
    private readonly name: string,
    text: string,
  ) {
    this.lines = text === '' ? [] : text.split('\n').map((line) => ({ text: line }));
  }

  get text(): string {
    return this.lines.map(({ text }) => text).join('\n');
  }

  /** Where a line comes from; counted from 1. */
  originOf(line: number): string | undefined {
    return this.lines[line - 1]?.origin;
  }

  /** Puts a block where its guide says; imports at its head join those of the file. */
  insert(block: Block): void {
    const lines = block.code.map((text, index) => ({ text, origin: `${block.guide}:${block.line + index}` }));
    const { relation, text } = block.place!;
    if (relation === 'whole') return this.splice(0, 0, [...lines, { text: '' }]);
    const code = this.moveImports(lines);
    const at = this.lines.findIndex((line) => line.text.includes(text));
    if (at < 0) throw new Error(`${block.guide}:${block.line - 1}: ${this.name} has no "${text}"`);
    if (relation === 'in') this.append(at, code);
    else
      this.splice(
        at + (relation === 'after' ? 1 : 0),
        relation === 'instead of' ? 1 : 0,
        indented(code, this.indentOf(at)),
      );
  }

  /** Prettier has laid the file out: what opens in a line ends at the next one that is indented alike and closes a bracket. */
  private append(at: number, code: Line[]): void {
    const indent = this.indentOf(at);
    const end = this.lines.findIndex(({ text }, index) => index > at && new RegExp(`^${indent}[\\])}]`).test(text));
    const isClass = /\bclass\b/.test(this.lines[at]!.text);
    this.splice(end, 0, [...(isClass ? [{ text: '' }] : []), ...indented(code, `${indent}  `)]);
  }

  private moveImports(lines: Line[]): Line[] {
    const count = lines.findIndex(({ text }) => !text.startsWith('import '));
    const last = this.lines.findLastIndex(({ text }) => /^import |^\} from '/.test(text));
    this.splice(last + 1, 0, lines.slice(0, count));
    const rest = lines.slice(count);
    return rest[0]?.text === '' && count > 0 ? rest.slice(1) : rest;
  }

  private splice(at: number, count: number, lines: Line[]): void {
    this.lines.splice(at, count, ...lines);
  }

  private indentOf(at: number): string {
    return /^ */.exec(this.lines[at]!.text)![0];
  }
}

const indented = (lines: Line[], indent: string): Line[] =>
  lines.map((line) => (line.text === '' ? line : { ...line, text: indent + line.text }));
