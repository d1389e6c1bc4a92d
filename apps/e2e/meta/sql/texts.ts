import ts from 'typescript';
import { type Sources } from './program.js';

/** The expressions that a text may come from: through constants, branches, lists, parameters and options to where it is written. */
export function origins(node: ts.Expression, sources: Sources): ts.Expression[] {
  const { checker } = sources;
  const all = (nodes: readonly ts.Expression[]) => nodes.flatMap((each) => origins(each, sources));
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
    return origins(node.expression, sources);
  if (ts.isConditionalExpression(node)) return all([node.whenTrue, node.whenFalse]);
  if (ts.isElementAccessExpression(node)) return all(origins(node.expression, sources).flatMap(elementsOf));
  if (ts.isPropertyAccessExpression(node)) {
    const property = checker.getSymbolAtLocation(node.name)?.valueDeclaration;
    return property && ts.isPropertySignature(property) ? all(givenFor(property, sources)) : [node];
  }
  const declaration = ts.isIdentifier(node) ? declarationOf(node, checker) : undefined;
  if (!declaration) return [node];
  if (ts.isParameter(declaration)) return all(argumentsFor(declaration, sources));
  if (ts.isBindingElement(declaration)) return all(boundTo(declaration, sources));
  if (!ts.isVariableDeclaration(declaration)) return [node];
  const loop = declaration.parent.parent;
  if (ts.isForOfStatement(loop)) return all(origins(loop.expression, sources).flatMap(elementsOf));
  return declaration.initializer ? origins(declaration.initializer, sources) : [node];
}

/** Where the value of a name is declared, in whatever module. */
export function declarationOf(name: ts.Identifier, checker: ts.TypeChecker): ts.Declaration | undefined {
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  if (!symbol) return undefined;
  return (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol).valueDeclaration;
}

/** What callers give for a parameter. */
function argumentsFor(parameter: ts.ParameterDeclaration, sources: Sources): ts.Expression[] {
  const owner = parameter.parent;
  const name = owner.name ?? (ts.isVariableDeclaration(owner.parent) ? owner.parent.name : undefined);
  const index = owner.parameters.indexOf(parameter);
  return sources
    .callsOf(name?.getText() ?? '')
    .filter((call) => sources.checker.getResolvedSignature(call)?.declaration === owner)
    .flatMap((call) => call.arguments[index] ?? []);
}

/** What object literals give for a property of an interface. */
function givenFor(property: ts.PropertySignature, sources: Sources): ts.Expression[] {
  return sources
    .propertiesNamed(property.name.getText())
    .filter((given) => {
      const expected = sources.checker.getContextualType(given.parent)?.getProperty(given.name.getText());
      return expected?.valueDeclaration === property;
    })
    .map((given) => (ts.isPropertyAssignment(given) ? given.initializer : given.name));
}

/** `const [first, second] = list`: the elements at the place of the name. */
function boundTo(element: ts.BindingElement, sources: Sources): ts.Expression[] {
  const { initializer } = element.parent.parent as ts.VariableDeclaration;
  if (!initializer || !ts.isArrayBindingPattern(element.parent)) return [];
  const index = element.parent.elements.indexOf(element);
  return origins(initializer, sources).flatMap((list) => elementsOf(list)[index] ?? []);
}

function elementsOf(node: ts.Expression): ts.Expression[] {
  if (ts.isArrayLiteralExpression(node)) return [...node.elements];
  if (!ts.isObjectLiteralExpression(node)) return [];
  return node.properties.flatMap((property) => (ts.isPropertyAssignment(property) ? property.initializer : []));
}
