// What the bench says of finding users, beside what it may cost.

import { measureDirectory, type Question, questions, ratioMax, tenantSizes } from './directory.ts';
import { textTable } from './text-table.ts';

export async function directoryReport(endpoint: string, say: (line: string) => void): Promise<void> {
  const measured = await measureDirectory(endpoint, say);
  say(
    '\nFinding users: read units of a page (the most of several, without the two of the session check) and p50 of the',
  );
  say('answer, by the number of users\n');
  const rows = (Object.keys(questions) as Question[]).map((question) => {
    const bySize = measured.filter((each) => each.question === question);
    const ratio = (bySize.at(-1)?.p50Ms ?? Number.NaN) / (bySize[0]?.p50Ms ?? Number.NaN);
    const { max } = questions[question];
    const over = [
      ...(bySize.some(({ readUnits }) => readUnits > max) ? [`OVER: units, at most ${max}`] : []),
      ...(ratio > ratioMax ? ['OVER: ratio'] : []),
    ];
    const figures = bySize.flatMap(({ readUnits, p50Ms }) => [`${readUnits}`, p50Ms.toFixed(1)]);
    return [question, ...figures, ratio.toFixed(2), over.join(', ') || 'ok'];
  });
  const heading = tenantSizes.flatMap((size) => [`units ${size / 1000}k`, 'p50 ms']);
  say(textTable([['', ...heading, `ratio (at most ${ratioMax})`, ''], ...rows]));
}
