/** In which order do test files run? Those that start whole services first, so that no worker is left with one at the end. */
import Sequencer from '@jest/test-sequencer';

/** Folders whose files take half a minute and more, longest first. */
const LONG = ['/test/acceptance/', '/test/web/'];

const rank = (path) => {
  const found = LONG.findIndex((folder) => path.includes(folder));
  return found === -1 ? LONG.length : found;
};

export default class LongFirst extends Sequencer {
  /** Files in the order they are started; within a folder as Jest would: by the last run's time, else by size. */
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a.path) - rank(b.path));
  }
}
