const MIN_WORDS = 3;
const TESTS = new Set(['it', 'test']);

/** The name that a call begins with: `it` of `it.each([…])('…', …)`. */
function calleeOf(node) {
  let callee = node.callee;
  while (callee.type !== 'Identifier') {
    if (callee.type === 'CallExpression') callee = callee.callee;
    else if (callee.type === 'MemberExpression') callee = callee.object;
    else if (callee.type === 'TaggedTemplateExpression') callee = callee.tag;
    else return undefined;
  }
  return callee.name;
}

/** The text of a title; what a table or a template puts in stands for two words. */
function textOf(node) {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value.replace(/%[a-z#]/g, 'value value');
  if (node.type === 'TemplateLiteral') return node.quasis.map(({ value }) => value.cooked).join('value value');
  return undefined;
}

/** Refuses a test outside of a `describe`, and a title that cannot be the rest of a sentence about its subject. */
export const testTitle = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      alone: 'A test stands in a describe that names its subject.',
      fragment: `A title ends a sentence about the subject of its describe: at least ${MIN_WORDS} words, the first in lower case.`,
    },
  },
  create(context) {
    const isInDescribe = (node) =>
      context.sourceCode
        .getAncestors(node)
        .some((outer) => outer.type === 'CallExpression' && calleeOf(outer) === 'describe');
    return {
      CallExpression(node) {
        const [title, body] = node.arguments;
        const text = body && TESTS.has(calleeOf(node)) ? textOf(title) : undefined;
        if (text === undefined) return;
        if (!isInDescribe(node)) context.report({ node, messageId: 'alone' });
        if (text.split(/\s+/).length < MIN_WORDS || !/^[a-z(]/.test(text))
          context.report({ node: title, messageId: 'fragment' });
      },
    };
  },
};
