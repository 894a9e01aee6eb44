import type { Row } from '../row.ts';
import { Bare, core, inLanes, ollamaJs } from './clients.ts';

const row = (lanes: number, floor: number, js: number): Row => ({
  id: lanes === 1 ? 'small' : `small-${lanes}`,
  what: lanes === 1 ? 'Small calls, one after another' : `Small calls, ${lanes} at once`,
  count: 3200,
  of: 'call',
  contestants: {
    core: async (bench) => {
      const ollama = core(bench);
      return () => inLanes(lanes, 3200, () => ollama.version());
    },
    'bare undici': async (bench) => {
      const bare = new Bare(bench);
      return () => inLanes(lanes, 3200, () => bare.get('/api/version'));
    },
    'ollama-js': async (bench) => {
      const js = ollamaJs(bench);
      return () => inLanes(lanes, 3200, () => js.version());
    },
  },
  comparisons: [
    { ours: 'core', against: 'bare undici', most: floor },
    { ours: 'core', against: 'ollama-js', most: js },
  ],
});

export const smallCalls = [row(1, 1.15, 0.5), row(32, 1.25, 0.4)];
