import { schedulesText as say } from '../../lib/text.schedules.ts';
import { addDays, startOf } from './calendar.ts';
import type { CalendarProps } from './calendar-weeks.tsx';
import { lookOf } from './calendar-weeks.tsx';
import { sayDay, sayPart, sayReason, saySpan, sayThere, sayWho } from './calendar-words.ts';

/** The same as a list of days, where there is no room for weeks. */
export function CalendarDays({ schedule, weeks, bars, people, today, now, onOpen }: CalendarProps) {
  return (
    <ol className="calendar-days">
      {weeks.flat().map((date) => {
        const [start, end] = [startOf(date), startOf(addDays(date, 1))];
        return (
          <li key={date} data-today={date === today || undefined}>
            <h3>
              {sayDay(date)}
              {date === today && <span className="badge you">{say.today}</span>}
            </h3>
            <ul>
              {bars
                .filter((bar) => bar.start < end && bar.end > start)
                .map((bar) => (
                  <li key={`${bar.start} ${bar.duty?.person.id} ${bar.duty?.override}`}>
                    <button
                      type="button"
                      className={`bar ${lookOf(bar, people, now)}`}
                      title={sayThere(bar, schedule.timeZone)}
                      onClick={() => onOpen(bar)}
                    >
                      <span className="at" aria-hidden="true">
                        {sayPart(bar, { start, end })}
                      </span>
                      <span className="who">{sayWho(bar)}</span>
                      <span className="reason"> {sayReason(bar, schedule)}</span>
                      <span className="hidden">, {saySpan(bar)}</span>
                    </button>
                  </li>
                ))}
            </ul>
          </li>
        );
      })}
    </ol>
  );
}
