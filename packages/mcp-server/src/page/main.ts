/** The page that hosts show with the list of models. It runs in a sandboxed frame and only talks to the host. */
import { offerChat, startChat, stopChat } from './chat.ts';
import { joinDownloads, startDownloads } from './download.ts';
import { attempt, find, onPress } from './elements.ts';
import { connect, type HostContext } from './host.ts';
import { takeContext, tellHeight } from './host-context.ts';
import { type Around, type Loaded, type Model, showModels } from './models.ts';
import { offerRank, startRank } from './rank.ts';
import { call, has, offer, onProgress, resultValue, type Value } from './tools.ts';

const statusLine = find('[role=status]');
const server = find('#server');
const hint = find('#hint');

interface ServerStatus {
  url: string;
  version: string;
  models: number;
  disk: string;
  problem?: string;
  loaded?: readonly Loaded[];
}

let loaded: readonly Loaded[] = [];

const around: Around = {
  say: (text) => {
    statusLine.textContent = text;
  },
  async refresh(done) {
    if (has('status')) takeStatus(await call('status'));
    takeList(await call('list_models'));
    if (done) around.say(done);
  },
};

function takeList(value: Value): void {
  const models = value['models'] as Model[];
  const left = value['models_left_off'] as number | undefined;
  showModels(models, loaded, around);
  offerChat(models);
  offerRank(models);
  if (left) around.say(`${models.length} of ${models.length + left} models`);
  if (!models[0]) around.say('No models are installed: ollama pull llama3.2');
}

function takeStatus(value: Value): void {
  const all = (value['servers'] ?? [value]) as ServerStatus[];
  server.textContent = all
    .map(({ url, version, models, disk, problem }) =>
      problem ? `${url}: ${problem}` : `Ollama ${version} at ${url}, ${models} models, ${disk} on disk`,
    )
    .join('\n');
  loaded = all.flatMap(({ loaded = [] }) => loaded);
  joinDownloads((value['jobs'] ?? []) as Value[], around);
}

function onNotification(method: string, params: object): void {
  if (method === 'notifications/progress') onProgress(params as Value);
  if (method === 'ui/notifications/host-context-changed') takeContext(params as HostContext);
  // Shows the result of the tool at once. The page requests the rest itself.
  if (method === 'ui/notifications/tool-result')
    void attempt(() => {
      const value = resultValue(params);
      if (Array.isArray(value['models'])) takeList(value);
      else takeStatus(value);
    });
}

void attempt(async () => {
  hint.textContent = offer.hint ?? '';
  const { hostContext = {}, hostCapabilities } = await connect(offer.version, onNotification, stopChat);
  takeContext(hostContext);
  tellHeight();
  if (!hostCapabilities?.serverTools) {
    hint.textContent = 'This host does not let pages call tools.';
    return;
  }
  const button = find('#refresh');
  button.hidden = false;
  onPress(button, () => around.refresh('Refreshed.'));
  startDownloads(around);
  startChat(() => void attempt(() => around.refresh('')));
  startRank();
  await around.refresh('');
});
