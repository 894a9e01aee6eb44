import type { Measured } from './rounds.ts';
import type { Bar, Comparison, Line, Row } from './row.ts';

/** The part of a row that the table needs. */
type Compared = Pick<Row, 'what' | 'count' | 'comparisons'>;

/** The lines of a row in the table. */
export const linesOf = (row: Compared, measured: Measured): Line[] =>
  row.comparisons.map((comparison) => lineOf(row, comparison, measured));

function lineOf(row: Compared, comparison: Comparison, measured: Measured): Line {
  const { ours, against, measure = 'cpu', theirMeasure = measure, most, added = false } = comparison;
  const measuredOf = (name: string, by: string) => measured.get(name)?.[by] ?? Number.NaN;
  const [mine, other] = [measuredOf(ours, measure), measuredOf(against, theirMeasure)];
  const result = added ? mine - other : mine / other;
  const goal = added ? `≤ +${most}` : `≤ ${most}×`;
  return {
    what: ours === 'core' ? row.what : `${row.what}: ${ours}`,
    against: measure === 'cpu' ? against : `${against}, ${measure}`,
    reach: most === undefined ? '' : goal,
    measured: added ? `${result >= 0 ? '+' : ''}${result.toFixed(2)}` : `${result.toFixed(2)}×`,
    // Compares the shown value.
    isReached: most === undefined ? undefined : Number(result.toFixed(2)) <= most,
    ours: shown(measured.get(ours), measure, row),
    theirs:
      theirMeasure === measure
        ? shown(measured.get(against), measure, row)
        : `${time(other / row.count)} ${measure}, from a part of it`,
  };
}

function shown(values: Readonly<Record<string, number>> | undefined, measure: string, row: Compared): string {
  if (values === undefined) return '';
  if (measure !== 'cpu' && measure !== 'wall') return number(values[measure]);
  const of = (name: string) => time((values[name] ?? Number.NaN) / row.count);
  return `${of('cpu')} CPU, ${of('wall')} wall`;
}

const number = (value = Number.NaN) => (Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(0));

/** Milliseconds in a suitable unit. */
export function time(ms: number): string {
  if (ms >= 1) return `${number(ms)} ms`;
  return ms >= 0.001 ? `${number(ms * 1000)} µs` : `${number(ms * 1e6)} ns`;
}

/** CPU time of each contestant for one unit of work, in microseconds. */
export const barsOf = (row: Row, measured: Measured): Bar[] =>
  [...measured].map(([name, { cpu = Number.NaN }]) => ({ group: row.what, name, value: (cpu / row.count) * 1000 }));

export function markdownTable(lines: readonly Line[]): string {
  const header = ['What', 'Against', 'Reach', 'Measured', '', 'Ours', 'Theirs'];
  const marks = new Map<boolean | undefined, string>([
    [true, 'yes'],
    [false, 'no'],
    [undefined, ''],
  ]);
  const cells = lines.map(({ what, against, reach, measured, isReached, ours, theirs }) => [
    what,
    against,
    reach,
    measured,
    marks.get(isReached) ?? '',
    ours,
    theirs,
  ]);
  return [header, header.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
