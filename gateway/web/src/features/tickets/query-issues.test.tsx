import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { fullSearch } from './list-search.ts';
import { QueryIssues } from './query-issues.tsx';

const issue = { offset: 0, length: 0, reason: 'UNKNOWN_VALUE', suggestions: [] as string[] };

it('marks what was left out, and puts a suggestion in its place', async () => {
  const onChange = vi.fn();
  // "is:open " comes before the query in the filter that the server read.
  render(
    <QueryIssues
      search={fullSearch({ q: '🔥 priority:hgih shop' })}
      issues={[{ ...issue, offset: 8 + 11, length: 4, suggestions: ['high'] }]}
      onChange={onChange}
    />,
  );
  expect(screen.getByText('hgih').tagName).toBe('MARK');
  await userEvent.click(screen.getByRole('button', { name: 'high' }));
  expect(onChange).toHaveBeenCalledWith('🔥 priority:high shop');
});

it('says something about a reason of a newer server', () => {
  render(
    <QueryIssues
      search={fullSearch({ tab: 'all', q: 'a:b' })}
      issues={[{ ...issue, length: 1, reason: 'NEWER' }]}
      onChange={vi.fn()}
    />,
  );
  expect(screen.getByText(/was not understood/)).toBeDefined();
});

it('is nothing without issues', () => {
  const { container } = render(<QueryIssues search={fullSearch({})} issues={[]} onChange={vi.fn()} />);
  expect(container.innerHTML).toBe('');
});
