import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import type { CalendarFeed } from '../../api/types.ts';
import { formatDateTime } from '../../lib/format.ts';
import { feedsText as say } from '../../lib/text.feeds.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { Loading } from '../../ui/loading.tsx';
import { CopyField } from './copy-field.tsx';
import { feedsQuery, useCreateFeed, useDeleteFeed } from './feeds.ts';
import { schedulesQuery } from './shifts.ts';
import '../../styles/feeds.css';

const Confirm = lazy(() => import('../../ui/confirm.tsx'));

/** The viewer's links for calendar programs: that of a schedule, or all of them, and one to the viewer's own shifts. */
export function CalendarFeeds({ schedule }: { schedule?: string }) {
  const { data: feeds, error, refetch } = useQuery(feedsQuery);
  const create = useCreateFeed();
  const [renewing, setRenewing] = useState(false);
  const [revoking, setRevoking] = useState<CalendarFeed>();
  const what = useWhat();
  const shown = feeds?.filter((feed) => schedule === undefined || feed.schedule === schedule);
  const there = feeds?.some((feed) => feed.schedule === (schedule ?? ''));
  const make = () => {
    setRenewing(false);
    create.mutate(schedule ?? '');
  };
  return (
    <section className="feeds" aria-labelledby="feeds">
      <h2 id="feeds">{say.title}</h2>
      <p className="muted">{schedule === undefined ? say.leadOwn : say.leadSchedule}</p>
      <p className="muted small">{say.secret}</p>
      {!shown &&
        (error ? <Failure title={say.failed} error={error} onRetry={() => refetch()} /> : <Loading rows={1} />)}
      {shown && shown.length > 0 && (
        <ul className="feed-list" aria-label={say.list}>
          {shown.map((feed) => (
            <li key={feed.id}>
              <strong>{what(feed)}</strong>
              <span className="muted">
                {say.made} <time dateTime={feed.createTime}>{formatDateTime(feed.createTime)}</time>
              </span>
              <span className="muted">
                {feed.lastReadTime ? (
                  <>
                    {say.read} <time dateTime={feed.lastReadTime}>{formatDateTime(feed.lastReadTime)}</time>
                  </>
                ) : (
                  say.unread
                )}
              </span>
              <Fleeting look="quiet" aria-label={say.revokeOne(what(feed))} onClick={() => setRevoking(feed)}>
                {say.revoke}
              </Fleeting>
            </li>
          ))}
        </ul>
      )}
      {shown && shown.length > 0 && <p className="muted small">{say.readHint}</p>}
      {create.data && feeds?.some(({ id }) => id === create.data.id) && (
        <Banner tone="info" alert>
          <CopyField label={say.link} hint={say.once} value={create.data.url} />
        </Banner>
      )}
      {create.error && (
        <Banner tone="danger" alert>
          {sentenceOf(create.error)}
        </Banner>
      )}
      {feeds && (
        <div className="actions">
          <Button icon="plus" busy={create.isPending} onClick={() => (there ? setRenewing(true) : make())}>
            {there ? say.makeNew : say.make}
          </Button>
        </div>
      )}
      <Suspense>
        {renewing && (
          <Confirm
            title={say.makeTitle}
            confirm={say.makeNew}
            danger
            onConfirm={make}
            onClose={() => setRenewing(false)}
          >
            <p>{say.makeLead}</p>
          </Confirm>
        )}
        {revoking && <Revoke feed={revoking} what={what(revoking)} onClose={() => setRevoking(undefined)} />}
      </Suspense>
    </section>
  );
}

function useWhat(): (feed: CalendarFeed) => string {
  const { data: schedules } = useQuery(schedulesQuery);
  return ({ schedule }) => {
    if (!schedule) return say.own;
    return schedules ? (schedules.find(({ id }) => id === schedule)?.name ?? say.gone) : schedule;
  };
}

function Revoke({ feed, what, onClose }: { feed: CalendarFeed; what: string; onClose: () => void }) {
  const remove = useDeleteFeed();
  return (
    <Confirm
      title={say.revokeTitle}
      confirm={say.revoke}
      danger
      deed={remove}
      done={say.revoked}
      onConfirm={(then) => remove.mutate(feed.id, then)}
      onClose={onClose}
    >
      <p>
        <strong>{what}</strong>
      </p>
      <p>{say.revokeLead}</p>
    </Confirm>
  );
}
