import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, it, vi } from 'vitest';
import { api } from '../../api/client.ts';
import { usePresence } from './presence.tsx';

vi.mock('./live.ts', () => ({ useLive: () => undefined }));

it('counts what it reports, so that nothing said before comes after that it was left', async () => {
  const post = vi.spyOn(api, 'POST').mockResolvedValue({ data: { people: [] } } as never);
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>
  );
  const { unmount } = renderHook(() => usePresence('7'), { wrapper });
  await waitFor(() => expect(post).toHaveBeenCalledOnce());
  unmount();
  const calls = post.mock.calls as unknown as [string, { body: Record<string, string> }][];
  const bodies = calls.map(([, { body }]) => body);
  expect(bodies).toMatchObject([{ activity: 'ACTIVITY_VIEWING' }, { activity: 'ACTIVITY_LEFT' }]);
  expect(Number(bodies[1]?.sequence)).toBeGreaterThan(Number(bodies[0]?.sequence));
  expect(bodies[0]?.page).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  expect(bodies[1]?.page).toBe(bodies[0]?.page);
});
