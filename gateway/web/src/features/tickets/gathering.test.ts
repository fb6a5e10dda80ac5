import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../../api/problem.ts';
import { type Ask, again, gather, gathering, rest } from './gathering.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = (time: number) => vi.advanceTimersByTimeAsync(time);

/** What was asked for, in the order of the questions; each is answered when told to. */
function start() {
  const questions: string[] = [];
  const answers: ((error?: Error) => void)[] = [];
  const taken: string[] = [];
  const ask: Ask = (changed, any) => {
    const question = `${changed}${any ? '*' : ''}`;
    questions.push(question);
    return new Promise((resolve, reject) =>
      answers.push((error) => (error ? reject(error) : resolve(() => taken.push(question)))),
    );
  };
  const answer = async (error?: Error) => {
    answers.shift()?.(error);
    await pass(0);
  };
  return { ...gathering(ask), questions, taken, answer };
}

it('asks once for what came together', async () => {
  const { note, questions, taken, answer } = start();
  note('1');
  await pass(gather - 1);
  note('2');
  note('1');
  note();
  expect(questions).toEqual([]);
  await pass(1);
  expect(questions).toEqual(['1,2*']);
  await answer();
  expect(taken).toEqual(['1,2*']);
  await pass(10 * rest);
  expect(questions).toHaveLength(1);
});

it('lets the next ones wait, and asks one question at a time', async () => {
  const { note, questions, answer } = start();
  note('1');
  await pass(gather);
  note('2');
  await pass(10 * rest);
  expect(questions).toEqual(['1']);
  await answer();
  await pass(gather);
  expect(questions).toEqual(['1', '2']);
  await answer();
  note('3');
  await pass(rest - gather - 1);
  note('4');
  expect(questions).toHaveLength(2);
  await pass(gather + 1);
  expect(questions).toEqual(['1', '2', '3,4']);
});

it('asks again for what has no answer', async () => {
  const { note, questions, taken, answer } = start();
  note('1');
  await pass(gather);
  note('2');
  await answer(new ApiError(0, {}));
  await pass(again - 1);
  expect(questions).toHaveLength(1);
  await pass(1);
  expect(questions).toEqual(['1', '1,2']);
  await answer();
  expect(taken).toEqual(['1,2']);
});

it('does not repeat what was refused', async () => {
  const { note, questions, answer } = start();
  note('1');
  await pass(gather);
  await answer(new ApiError(400, {}));
  await pass(2 * again);
  expect(questions).toEqual(['1']);
  note('2');
  await pass(gather);
  expect(questions).toEqual(['1', '2']);
});

it('takes no answer, and asks nothing, once it is stopped', async () => {
  const { note, questions, taken, answer, stop } = start();
  note('1');
  await pass(gather);
  note('2');
  stop();
  await answer();
  await pass(2 * again);
  expect([questions, taken]).toEqual([['1'], []]);

  const other = start();
  other.note('1');
  other.stop();
  await pass(2 * again);
  expect(other.questions).toEqual([]);
});
