import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { checkEmail } from '../features/tickets/email.ts';
import { TagField, tagsIn } from './tag-field.tsx';

function Field() {
  const [tags, setTags] = useState<string[]>([]);
  return <TagField label="CCs" tagsLabel="People" tags={tags} onChange={setTags} check={checkEmail} type="email" />;
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
    expect(screen.getByRole('alert').textContent).toBe('This is not an e-mail address.');
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

  it('says what was added and removed', async () => {
    render(<Field />);
    await userEvent.click(screen.getByLabelText('CCs'));
    const said = () => screen.getByRole('status').textContent;
    expect(said()).toBe('');
    await userEvent.paste('a@x.example, b@x.example');
    expect(said()).toBe('Added: a@x.example, b@x.example');
    await userEvent.keyboard('{Backspace}');
    expect(said()).toBe('Removed: b@x.example');
    await userEvent.click(screen.getByRole('button', { name: 'Remove a@x.example' }));
    expect(said()).toBe('Removed: a@x.example');
  });

  it('takes the addresses of a pasted list with names', async () => {
    render(<Field />);
    await userEvent.click(screen.getByLabelText('CCs'));
    await userEvent.paste('Ana Ruiz <ana@x.org>, "Ito, Ben" <ben@x.org>');
    expect(tags()).toEqual(['ana@x.org', 'ben@x.org']);
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('tagsIn', () => {
  it.each([
    ['Ana Ruiz <ana@x.org>', ['ana@x.org']],
    ['<ana@x.org>', ['ana@x.org']],
    ['"Ruiz, Ana; CTO" <ana@x.org>', ['ana@x.org']],
    ['Ana <ana@x.org>\nBen Ito <ben@x.org>; c@x.org', ['ana@x.org', 'ben@x.org', 'c@x.org']],
    ['c@x.org Ana <ana@x.org> d@x.org', ['c@x.org', 'ana@x.org', 'd@x.org']],
    ['Ana Ruiz <ana>', ['Ana', 'Ruiz', '<ana>']],
    ['x@x.org"><script>a=1</script>', ['x@x.org"><script>a=1</script>']],
  ])('%s', (line, want) => {
    expect(tagsIn(line, 'email')).toEqual(want);
  });
  it('leaves angle brackets in other tags', () => {
    expect(tagsIn('a <b@c>', 'text')).toEqual(['a', '<b@c>']);
  });
});
