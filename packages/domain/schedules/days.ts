// Days of UTC, yyyy-mm-dd, for work that is due once for each.

const DAY_MS = 86_400_000;

/** The days after that of `from` up to that of `to` (epoch ms); that of `to` alone when there are none between, or no `from`. */
export function days(from: number | undefined, to: number): string[] {
  const last = Math.floor(to / DAY_MS);
  const first = from === undefined ? last : Math.min(Math.floor(from / DAY_MS) + 1, last);
  return Array.from({ length: last - first + 1 }, (_, n) => new Date((first + n) * DAY_MS).toISOString().slice(0, 10));
}
