import type { Line } from '../row.ts';
import { stdio } from './client-transports.ts';
import type { Server } from './contestants.ts';

const EARLY = 2_000;
const ALL = 20_000;
const LANES = 16;
const chat = { model: 'long', messages: [{ role: 'user', content: 'x' }] };

/** Memory of the server after many answers of 100 tokens, compared with a tenth of them. */
export async function measureGrowth({ script, chatTool = '' }: Server, host: string): Promise<Line> {
  await using client = await stdio.open(script, host);
  await client.listTools();
  const call = async (count: number) => {
    const lane = async () => {
      for (let index = 0; index < count / LANES; index += 1) await client.callTool(chatTool, chat);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return client.rssMb();
  };
  const early = await call(EARLY);
  const late = await call(ALL - EARLY);
  return {
    what: `MCP: memory after ${ALL.toLocaleString('en')} answers of 100 tokens`,
    against: `after ${EARLY.toLocaleString('en')} of them`,
    reach: '≤ 1.15×',
    measured: `${(late / early).toFixed(2)}×`,
    isReached: Number((late / early).toFixed(2)) <= 1.15,
    ours: `${late.toFixed(1)} MB`,
    theirs: `${early.toFixed(1)} MB`,
  };
}
