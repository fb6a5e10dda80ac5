import { expect, it } from 'vitest';
import { ApiError } from '../../api/problem.ts';
import { faultBeside, faultOf } from './schedules.ts';

const refused = new ApiError(400, {
  detail: 'a field is wrong',
  reason: 'INVALID_FIELD',
  fields: [{ path: 'override.person[0]', reason: 'PERSON_UNREACHABLE', description: 'cannot be paged' }],
});

it.each([
  ['override.person', 'cannot be paged'],
  ['replaced_person', undefined],
  ['end_time', undefined],
])('of %s is said: %s', (field, said) => {
  expect(faultOf(refused, field)).toBe(said);
});

it('is said beside the fields, unless one of them says it', () => {
  expect(faultBeside(refused, ['end_time', 'override.person'])).toBeUndefined();
  expect(faultBeside(refused, ['end_time'])).toBe('a field is wrong');
  expect(faultBeside(new ApiError(409, { detail: 'it has changed' }), ['end_time'])).toBe('it has changed');
  expect(faultBeside(null, ['end_time'])).toBeUndefined();
});
