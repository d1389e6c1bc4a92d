import Sequencer from '@jest/test-sequencer';

/**
 * Starts with the fault tests, which take longer than all others: whatever starts last decides when the run ends. Then tests of the
 * whole network take turns with tests of parts: the former keep the cores busy, and the latter mostly wait.
 */
export default class LongTestsFirst extends Sequencer {
  sort(tests) {
    const isFaultTest = ({ path }) => path.endsWith('.fault.ts');
    const isOfNetwork = ({ path }) => path.includes('/apps/e2e/');
    const longestFirst = super.sort(tests);
    const rest = longestFirst.filter((test) => !isFaultTest(test));
    return [
      ...longestFirst.filter(isFaultTest),
      ...inTurns(
        rest.filter(isOfNetwork),
        rest.filter((test) => !isOfNetwork(test)),
      ),
    ];
  }
}

const inTurns = (some, others) =>
  Array.from({ length: Math.max(some.length, others.length) }, (_, index) => [some[index], others[index]])
    .flat()
    .filter(Boolean);
