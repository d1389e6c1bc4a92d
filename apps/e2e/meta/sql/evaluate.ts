import ts from 'typescript';
import { declarationOf } from './texts.js';

/** What names mean that a call gives. */
export type Scope = ReadonlyMap<ts.Node, unknown>;

/** The value of an expression that consists of constants and pure functions, in whatever module they stand; throws for any other. */
export function evaluate(node: ts.Node, checker: ts.TypeChecker, scope: Scope = new Map()): unknown {
  const value = (each: ts.Node) => evaluate(each, checker, scope);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isTemplateExpression(node))
    return node.templateSpans.reduce(
      (text, span) => text + textOf(value(span.expression), span) + span.literal.text,
      node.head.text,
    );
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
    return value(node.expression);
  if (ts.isArrayLiteralExpression(node)) return node.elements.map(value);
  if (ts.isObjectLiteralExpression(node)) return objectOf(node, value);
  if (ts.isConditionalExpression(node)) return value(value(node.condition) ? node.whenTrue : node.whenFalse);
  if (ts.isBinaryExpression(node)) return binary(node, value);
  if (ts.isPropertyAccessExpression(node)) return memberOf(value(node.expression), node.name.text, node);
  if (ts.isElementAccessExpression(node))
    return memberOf(value(node.expression), String(value(node.argumentExpression)), node);
  if (ts.isCallExpression(node)) return call(node, value);
  if (ts.isArrowFunction(node) || ts.isFunctionDeclaration(node)) return functionOf(node, checker, scope);
  if (ts.isIdentifier(node)) return named(node, checker, scope);
  throw unresolved(node);
}

function named(node: ts.Identifier, checker: ts.TypeChecker, scope: Scope): unknown {
  const declaration = declarationOf(node, checker);
  if (!declaration) throw unresolved(node);
  if (scope.has(declaration)) return scope.get(declaration);
  if (ts.isFunctionDeclaration(declaration)) return functionOf(declaration, checker, scope);
  const isConstant = ts.isVariableDeclaration(declaration) && ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const;
  if (!isConstant || !declaration.initializer) throw unresolved(node);
  return evaluate(declaration.initializer, checker, scope);
}

function functionOf(node: ts.ArrowFunction | ts.FunctionDeclaration, checker: ts.TypeChecker, outer: Scope) {
  const [statement] = node.body && ts.isBlock(node.body) ? node.body.statements : [];
  const result = statement && ts.isReturnStatement(statement) ? statement.expression : node.body;
  if (!result) throw unresolved(node);
  return (...args: unknown[]): unknown => {
    const given = node.parameters.map((parameter, index): [ts.Node, unknown] => {
      if (args[index] !== undefined || !parameter.initializer) return [parameter, args[index]];
      return [parameter, evaluate(parameter.initializer, checker, outer)];
    });
    return evaluate(result, checker, new Map([...outer, ...given]));
  };
}

function call(node: ts.CallExpression, value: (each: ts.Node) => unknown): unknown {
  const { expression } = node;
  const args = node.arguments.map(value);
  const callee = value(expression);
  if (typeof callee !== 'function') throw unresolved(node);
  const owner = ts.isPropertyAccessExpression(expression) ? value(expression.expression) : undefined;
  return Reflect.apply(callee, owner, args) as unknown;
}

function binary({ left, right, operatorToken }: ts.BinaryExpression, value: (each: ts.Node) => unknown): unknown {
  switch (operatorToken.kind) {
    case ts.SyntaxKind.PlusToken:
      return (value(left) as string) + (value(right) as string);
    case ts.SyntaxKind.AsteriskToken:
      return (value(left) as number) * (value(right) as number);
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
      return value(left) === value(right);
    default:
      throw unresolved(operatorToken.parent);
  }
}

const objectOf = (node: ts.ObjectLiteralExpression, value: (each: ts.Node) => unknown): unknown =>
  Object.fromEntries(
    node.properties.map((property) => {
      if (!ts.isPropertyAssignment(property)) throw unresolved(property);
      return [property.name.getText(), value(property.initializer)];
    }),
  );

function memberOf(owner: unknown, name: string, node: ts.Node): unknown {
  const member = (owner as Record<string, unknown> | undefined)?.[name];
  if (member === undefined) throw unresolved(node);
  return member;
}

function textOf(value: unknown, node: ts.Node): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw unresolved(node);
  return String(value);
}

const unresolved = (node: ts.Node): Error => new Error(`${node.getText().slice(0, 80)} is no constant`);
