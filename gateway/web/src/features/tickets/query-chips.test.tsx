import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { QueryChips } from './query-chips.tsx';

function setup(query: string, staff = false) {
  const onChange = vi.fn();
  render(<QueryChips query={query} staff={staff} onChange={onChange} />);
  const chips = screen.queryAllByRole('listitem').map((item) => item.textContent);
  return { onChange, chips };
}

describe('QueryChips', () => {
  it('says what the query has, in words', () => {
    const { chips } = setup('type:incident -app:"Acme Shop" "payment error" #7 prioritty:high');
    expect(chips).toEqual([
      'Type: incident',
      'not Application: Acme Shop',
      'payment error',
      'Ticket: #7',
      'prioritty: high (not understood)',
      'Remove all',
    ]);
  });

  it('takes a part out of the text', async () => {
    const { onChange } = setup('a  type:incident b');
    await userEvent.click(screen.getByRole('button', { name: 'Remove type:incident' }));
    expect(onChange).toHaveBeenCalledWith('a b');
    await userEvent.click(screen.getByRole('button', { name: 'Remove all' }));
    expect(onChange).toHaveBeenLastCalledWith('');
  });

  it('is not there without a query, nor for one that is refused', () => {
    expect(setup('').chips).toEqual([]);
    expect(setup('a '.repeat(30)).chips).toEqual([]);
  });
});
