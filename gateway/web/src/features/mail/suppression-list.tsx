import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { api, data } from '../../api/client.ts';
import type { Suppression } from '../../api/types.ts';
import { mailText } from '../../lib/text.mail.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { notices } from '../../ui/notices.tsx';
import { Time } from '../../ui/time.tsx';
import { liftSuppression, suppressionsKey } from './suppressions.ts';

const Confirm = lazy(() => import('../../ui/confirm.tsx'));

const say = mailText.suppressions;

const suppressionsQuery = infiniteQueryOptions({
  queryKey: suppressionsKey,
  queryFn: async ({ pageParam, signal }) => {
    const query = { pageSize: 50, pageToken: pageParam };
    const answer = data(await api.GET('/v1/suppressions', { params: { query }, signal }));
    return { suppressions: answer.suppressions as Suppression[], nextPageToken: answer.nextPageToken ?? '' };
  },
  initialPageParam: '',
  getNextPageParam: (page) => page.nextPageToken || undefined,
});

/** The addresses that get no mail for now, each of which can be let in again. */
export function Suppressions() {
  const list = useInfiniteQuery(suppressionsQuery);
  const [asked, setAsked] = useState<Suppression>();
  const held = list.data?.pages.flatMap(({ suppressions }) => suppressions);
  const failure = list.error && <Failure title={mailText.failed} error={list.error} onRetry={() => list.refetch()} />;
  if (!held) return failure || <Loading rows={3} />;
  const [title, lead] = mailText.empty.suppressions;
  return (
    <>
      {held.length === 0 ? (
        <Empty icon="check" title={title as string} lead={lead as string} />
      ) : (
        <>
          <p className="muted">{say.lead}</p>
          <ul className="rows">
            {held.map((one) => (
              <Row key={one.id} suppression={one} onLift={() => setAsked(one)} />
            ))}
          </ul>
        </>
      )}
      {failure}
      {list.hasNextPage && (
        <div className="actions">
          <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {mailText.more}
          </Button>
        </div>
      )}
      {asked && <Lift suppression={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function Row({ suppression, onLift }: { suppression: Suppression; onLift: () => void }) {
  const { address, reason, detail, createTime, endTime } = suppression;
  return (
    <li>
      <div className="row-head">
        <strong className="row-title">{address}</strong>
        <Button aria-label={say.liftOf(address)} onClick={onLift}>
          {say.lift}
        </Button>
      </div>
      <p className="small">
        {say.why[reason] ?? reason} ·{' '}
        <span className="muted">
          {say.since} {createTime && <Time at={createTime} look="clock" />} {say.until}{' '}
          {endTime && <Time at={endTime} look="clock" />}
        </span>
      </p>
      {detail && <p className="answer">{detail}</p>}
    </li>
  );
}

function Lift({ suppression: { id, address }, onClose }: { suppression: Suppression; onClose: () => void }) {
  const client = useQueryClient();
  const lift = useMutation({
    mutationFn: () => liftSuppression(id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: suppressionsKey });
      onClose();
      notices.say(say.done(address));
    },
  });
  return (
    <Suspense>
      <Confirm title={say.title} confirm={say.confirm} deed={lift} onConfirm={() => lift.mutate()} onClose={onClose}>
        <p>{say.question(address)}</p>
      </Confirm>
    </Suspense>
  );
}
