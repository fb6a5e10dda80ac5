import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { checkEmail } from '../features/tickets/email.ts';
import { TagField } from './tag-field.tsx';

function Field() {
  const [tags, setTags] = useState<string[]>([]);
  return <TagField label="CCs" tagsLabel="People" tags={tags} onChange={setTags} check={checkEmail} />;
}

const tags = () => screen.queryAllByRole('listitem').map((row) => row.textContent);

describe('TagField', () => {
  it.each([
    ['Enter', 'a@x.example{Enter}b@x.example{Enter}'],
    ['commas', 'a@x.example,b@x.example,'],
    ['leaving the field', 'a@x.example b@x.example{Tab}'],
  ])('adds by %s', async (_, typed) => {
    render(<Field />);
    await userEvent.type(screen.getByLabelText('CCs'), typed);
    expect(tags()).toEqual(['a@x.example', 'b@x.example']);
  });

  it('takes a pasted list, each once whatever its case', async () => {
    render(<Field />);
    await userEvent.click(screen.getByLabelText('CCs'));
    await userEvent.paste('a@x.example; A@X.example\nb@x.example');
    expect(tags()).toEqual(['a@x.example', 'b@x.example']);
  });

  it('keeps what is no address in the field, and says so', async () => {
    render(<Field />);
    await userEvent.type(screen.getByLabelText('CCs'), 'ada{Enter}');
    expect(tags()).toEqual([]);
    expect(screen.getByRole('alert').textContent).toBe('This is no e-mail address.');
    expect((screen.getByLabelText('CCs') as HTMLInputElement).value).toBe('ada');
  });

  it('removes by its button, and by Backspace', async () => {
    render(<Field />);
    await userEvent.type(screen.getByLabelText('CCs'), 'a@x.example{Enter}b@x.example{Enter}c@x.example{Enter}');
    await userEvent.click(screen.getByRole('button', { name: 'Remove a@x.example' }));
    expect(tags()).toEqual(['b@x.example', 'c@x.example']);
    await userEvent.type(screen.getByLabelText('CCs'), '{Backspace}');
    expect(tags()).toEqual(['b@x.example']);
  });
});
