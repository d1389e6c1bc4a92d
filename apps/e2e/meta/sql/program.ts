import { relative } from 'node:path';
import ts from 'typescript';

export const SERVICES = ['user', 'post', 'media', 'notification'] as const;
export type Service = (typeof SERVICES)[number];

/** The sources of the apps and libraries, with the types that the compiler finds in them. */
export class Sources {
  readonly checker: ts.TypeChecker;
  private readonly files: ts.SourceFile[];
  private readonly calls = new Map<string, ts.CallExpression[]>();
  private readonly properties = new Map<string, (ts.PropertyAssignment | ts.ShorthandPropertyAssignment)[]>();

  constructor() {
    const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile) as { config: object };
    const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
    // What tests give to a function is no text of the project.
    const program = ts.createProgram(fileNames.filter(isSource), options);
    this.checker = program.getTypeChecker();
    this.files = program.getSourceFiles().filter(({ fileName }) => isSource(fileName));
    for (const file of this.files) this.index(file);
  }

  callsOf(name: string): ts.CallExpression[] {
    return this.calls.get(name) ?? [];
  }

  propertiesNamed(name: string): (ts.PropertyAssignment | ts.ShorthandPropertyAssignment)[] {
    return this.properties.get(name) ?? [];
  }

  /** The services whose database answers what stands in this file: its own, or for a library those that import it. */
  servicesOf(file: ts.SourceFile): Service[] {
    const [kind, name] = pathOf(file.fileName).split('/');
    if (kind === 'apps') return SERVICES.filter((service) => service === name);
    return SERVICES.filter((service) =>
      this.files.some(
        ({ fileName, text }) =>
          pathOf(fileName).startsWith(`apps/${service}/`) && text.includes(`'@fowergram/${name}'`),
      ),
    );
  }

  private index(node: ts.Node): void {
    if (ts.isCallExpression(node)) add(this.calls, calleeOf(node), node);
    if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node))
      add(this.properties, node.name.getText(), node);
    node.forEachChild((child) => this.index(child));
  }
}

const isSource = (fileName: string): boolean => /^(apps|libs)\/([\w-]+\/)+src\/|\.fixture\.ts$/.test(pathOf(fileName));

const pathOf = (fileName: string): string => relative(process.cwd(), fileName);

/** `file:line` of a node. */
export function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${pathOf(file.fileName)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

const calleeOf = ({ expression }: ts.CallExpression): string =>
  ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();

function add<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list) list.push(item);
  else lists.set(name, [item]);
}
