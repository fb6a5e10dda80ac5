import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The larger a file, the longer it takes, by which vitest goes when it has run none; but this one has a short table of
 * all pages. At the end of the others it would keep one worker waiting for the other.
 */
const long = 'accessible.test.ts';

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => moduleId.endsWith(`/${long}`);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
