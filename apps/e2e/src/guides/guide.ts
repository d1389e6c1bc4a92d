import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'docs/how-to';

/** Where a block belongs: a new file, the end of what a text opens, or beside or instead of the line with a text. */
export interface Place {
  file: string;
  relation: 'whole' | 'in' | 'before' | 'after' | 'instead of';
  text: string;
}

export interface Block {
  guide: string;
  /** The line of the guide on which the code starts, counted from 1. */
  line: number;
  language: string;
  code: string[];
  place?: Place;
}

export interface Guide {
  file: string;
  blocks: Block[];
  /** The commands that it asks to run, without `npx`. */
  commands: string[];
}

/** The guides that follow on each other come in this order; the others after them. */
const ORDER = ['add-a-mutation', 'add-a-feature', 'add-a-list', 'add-an-event', 'add-a-field'];

/** Every page of docs/how-to. */
export function readGuides(root: string): Guide[] {
  const names = readdirSync(join(root, FOLDER)).sort();
  const rank = (name: string) => (ORDER.indexOf(name.replace('.md', '')) + ORDER.length + 1) % (ORDER.length + 1);
  return names.sort((a, b) => rank(a) - rank(b)).map((name) => parseGuide(root, `${FOLDER}/${name}`));
}

function parseGuide(root: string, file: string): Guide {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const fence = /^( *)```(\w+)$/.exec(lines[at]!);
    if (!fence) continue;
    const [, indent = '', language = ''] = fence;
    const end = lines.indexOf(`${indent}\`\`\``, at + 1);
    if (end < 0) throw new Error(`${file}:${at + 1} opens a block that is not closed`);
    const code = lines.slice(at + 1, end).map((line) => line.slice(indent.length));
    const place = placeIn(lines[at - 1] ?? '');
    blocks.push({ guide: file, line: at + 2, language, code, ...(place && { place }) });
    at = end;
  }
  const commands = blocks.filter(({ language }) => language === 'sh').flatMap(({ code }) => code);
  return { file, blocks, commands: commands.map((line) => line.replace(/\s*#.*$/, '').replace(/^npx /, '')) };
}

/** Reads such as `<!-- file: libs/a.ts, in: export const a -->`, which stands on the line above a block. */
function placeIn(line: string): Place | undefined {
  const [, file, relation, text] =
    /^ *<!-- file: ([^\s,]+)(?:, (in|before|after|instead of): (.+))? -->$/.exec(line) ?? [];
  return file ? { file, relation: (relation ?? 'whole') as Place['relation'], text: text ?? '' } : undefined;
}
