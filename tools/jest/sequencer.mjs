import Sequencer from '@jest/test-sequencer';

/** Starts with the fault tests, which take longer than all others: whatever starts last decides when the run ends. */
export default class FaultTestsFirst extends Sequencer {
  sort(tests) {
    const isFaultTest = ({ path }) => path.endsWith('.fault.ts');
    const longestFirst = super.sort(tests);
    return [...longestFirst.filter(isFaultTest), ...longestFirst.filter((test) => !isFaultTest(test))];
  }
}
