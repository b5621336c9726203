/** Is the office told what it must hear, once, in time, and nothing else? */
import { describe, expect, test } from '@jest/globals';
import { STORIES } from './alert-stories.js';
import { faultsOf } from './timeline.js';

describe('alert stories', () => {
  test.each(STORIES)(
    '$name',
    async (story) => {
      expect(await faultsOf(story)).toEqual([]);
    },
    300_000,
  );
});
