import Sequencer from '@jest/test-sequencer';

/**
 * Starts with what took longest, since whatever starts last decides when the run ends. Tests of the whole network take turns with tests
 * of parts: the former keep the cores busy, and the latter mostly wait.
 */
export default class LongTestsFirst extends Sequencer {
  sort(tests) {
    const isOfNetwork = ({ path }) => path.includes('/apps/e2e/');
    const longestFirst = super.sort(tests);
    return inTurns(
      longestFirst.filter(isOfNetwork),
      longestFirst.filter((test) => !isOfNetwork(test)),
    );
  }
}

const inTurns = (some, others) =>
  Array.from({ length: Math.max(some.length, others.length) }, (_, index) => [some[index], others[index]])
    .flat()
    .filter(Boolean);
