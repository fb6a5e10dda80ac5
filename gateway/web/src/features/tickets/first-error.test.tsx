import { render } from '@testing-library/react';
import { type ReactNode, useRef } from 'react';
import { expect, it } from 'vitest';
import { useFirstError } from './first-error.ts';

function Form({ attempts, children }: { attempts: number; children: ReactNode }) {
  const form = useRef<HTMLFormElement>(null);
  useFirstError(form, attempts);
  return <form ref={form}>{children}</form>;
}

const input = <input aria-label="later" aria-invalid="true" />;

it.each<[string, ReactNode, string]>([
  ['a field', <input key="a" aria-label="here" aria-invalid="true" />, 'here'],
  [
    'a field in what is invalid, past its buttons',
    <div key="b" data-invalid="true">
      <button type="button" aria-label="Remove" />
      <input aria-label="here" />
    </div>,
    'here',
  ],
  [
    'a button that opens a list',
    <div key="c" data-invalid="true">
      <button type="button" aria-label="here" />
    </div>,
    'here',
  ],
  ['the first that is invalid', <input key="d" aria-label="fine" />, 'later'],
])('goes to %s', (_, first, want) => {
  const fields = [first, <div key="input">{input}</div>];
  const { rerender } = render(<Form attempts={0}>{fields}</Form>);
  expect(document.activeElement).toBe(document.body);
  rerender(<Form attempts={1}>{fields}</Form>);
  expect(document.activeElement?.getAttribute('aria-label')).toBe(want);
});
