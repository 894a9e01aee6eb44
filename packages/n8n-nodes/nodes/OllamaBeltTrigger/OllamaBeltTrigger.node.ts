import { parseHost } from '@ollama-toolbelt/core/neutral';
import {
  type IDataObject,
  type INodeExecutionData,
  type INodeProperties,
  type INodeType,
  type INodeTypeDescription,
  type IPollFunctions,
  NodeConnectionTypes,
} from 'n8n-workflow';
import { baseUrlOf, connect } from '../shared/client.ts';
import { serverAnswers } from '../shared/credential-test.ts';
import { offerBuiltInCredential } from '../shared/credentials.ts';
import { icon } from '../shared/icon.ts';
import { toNodeError } from '../shared/node-error.ts';
import { checkedValue } from '../shared/parameter.ts';
import { missingValue } from '../shared/values.ts';
import { changes, type ModelEvent, type Snapshot, sampleChanges, takeSnapshot } from './model-changes.ts';

const events: INodeProperties = {
  displayName: 'Events',
  name: 'events',
  type: 'multiOptions',
  required: true,
  options: [
    { name: 'Model Added', value: 'added', description: 'A model was pulled, created or copied' },
    { name: 'Model Loaded', value: 'loaded', description: 'A model was loaded into memory' },
    { name: 'Model Removed', value: 'removed', description: 'A model was deleted' },
    { name: 'Model Unloaded', value: 'unloaded', description: 'A model was removed from memory' },
    { name: 'Model Updated', value: 'updated', description: 'A model has new content under the same name' },
  ],
  default: ['added', 'updated', 'removed'],
  description:
    'What starts the workflow. It is checked at each poll time, so changes that come and go in between are missed.',
};

/** The chosen events. An expression may return one of them, or a list. */
function eventsOf(context: IPollFunctions): ModelEvent[] {
  const chosen = [context.getNodeParameter('events', []) ?? []].flat();
  if (chosen.length === 0) throw missingValue(context.getNode(), 'events', 'Events', undefined, 0);
  return chosen.map((event) => checkedValue(context, 0, { ...events, type: 'options' }, event) as ModelEvent);
}

export class OllamaBeltTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Ollama Toolbelt Trigger',
    name: 'ollamaBeltTrigger',
    icon,
    group: ['trigger'],
    version: 1,
    subtitle: '={{ "On model " + $parameter["events"].join(", ") }}',
    // n8n's list of nodes shows this trigger and the action node as one entry, with this text.
    description: 'Chat, generate, embed and manage models on an Ollama server, or start a workflow when they change',
    defaults: { name: 'Ollama Toolbelt Trigger' },
    polling: true,
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'ollamaBeltApi', required: true, testedBy: 'serverAnswers' }],
    properties: [events],
  };

  methods = { credentialTest: { serverAnswers } };

  constructor() {
    offerBuiltInCredential(this.description);
  }

  async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
    try {
      const ollama = await connect(this);
      const events = eventsOf(this);
      const server = parseHost(await baseUrlOf(this)).url;
      const now: Snapshot = { server, ...(await takeSnapshot(ollama, events)) };
      const state = this.getWorkflowStaticData('node') as { seen?: Snapshot };
      const before = state.seen;
      const isTest = this.getMode() === 'manual';
      // A test must not consume events that the active workflow waits for.
      if (!isTest) state.seen = now;
      const found = before ? changes(before, now, events) : [];
      // If nothing is new, a test gets examples to build on.
      if (found.length === 0 && isTest) found.push(...sampleChanges(now, events));
      return found.length === 0 ? null : [found.map((json) => ({ json: json as unknown as IDataObject }))];
    } catch (error) {
      throw toNodeError(this.getNode(), error);
    }
  }
}
