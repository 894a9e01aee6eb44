import type { Format, Image, JsonSchema } from '../schemas/values.ts';
import { base64, bytesIn } from './base64.ts';
import { jsonBody } from './json-body.ts';
import { wireFormat } from './json-format.ts';
import { wireKeepAlive } from './keep-alive.ts';
import { wireFields, wireOptions } from './option-values.ts';
import type { Route } from './route.ts';
import { withoutRootReferences } from './schema-references.ts';

/** The fields that accept more forms than the server does. */
interface Convertible {
  keep_alive?: unknown;
  format?: Format | undefined;
  options?: unknown;
  parameters?: unknown;
  images?: readonly Image[] | undefined;
  messages?: readonly { images?: readonly Image[] | undefined }[] | undefined;
}

/**
 * The JSON text of a request, with every field in the form that the server accepts. The request itself is not changed.
 */
export function requestBody(route: Route, request: object): string {
  const { keep_alive, format, options, parameters, images, messages } = request as Convertible;
  return jsonBody(route, {
    ...request,
    ...('keep_alive' in request && { keep_alive: wireKeepAlive(keep_alive) }),
    ...wireFields(request),
    ...(format !== undefined && format !== null && { format: wholeFormat(format) }),
    ...(options !== undefined && options !== null && { options: wireOptions(options, 'options') }),
    ...(parameters !== undefined && parameters !== null && { parameters: wireOptions(parameters, 'parameters') }),
    // Anything but a list is sent unchanged: the server says what is wrong with it.
    ...(Array.isArray(images) && { images: images.map(wireImage) }),
    ...(Array.isArray(messages) && { messages: messages.map(wireMessage) }),
  });
}

function wholeFormat(format: Format): unknown {
  const wire = wireFormat(format);
  return typeof wire === 'object' && wire !== null ? withoutRootReferences(wire as JsonSchema) : wire;
}

/** A message with its images as base64. */
export function wireMessage<M extends { images?: readonly Image[] | undefined }>(message: M): M {
  return Array.isArray(message?.images) ? { ...message, images: message.images.map(wireImage) } : message;
}

/** The server accepts only bare base64. */
function wireImage(image: Image): Image {
  if (typeof image === 'string') return image.replace(/^data:[^,]*,/, '');
  const bytes = bytesIn(image);
  return bytes ? base64(bytes) : image;
}
