// A small client of the vAccel agent: sessions, models that are sent at most once, and errors with a reason.

import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import { reasonOf } from './reason.js';

const PROTOS = fileURLToPath(new URL('../../../proto/src/main/protobuf', import.meta.url));
const SERVICES = ['agent', 'image', 'model', 'resource', 'session'];
const { v1 } = grpc.loadPackageDefinition(
  protoLoader.loadSync(
    SERVICES.map((name) => `vaccel/v1/${name}.proto`),
    { includeDirs: [PROTOS], keepCase: true, longs: Number, enums: String, defaults: true },
  ),
).vaccel;

const FORMATS = {
  '.onnx': 'MODEL_FORMAT_ONNX',
  '.tflite': 'MODEL_FORMAT_TFLITE',
  '.pt': 'MODEL_FORMAT_TORCHSCRIPT',
  '.pb': 'MODEL_FORMAT_TENSORFLOW_GRAPH',
};

// An upload that breaks goes on where the agent's copy ends, this often.
const UPLOAD_ATTEMPTS = 5;

/** A failed call: its stable reason (see PROTOCOL.md), or the gRPC status where the agent gave none. */
export class VaccelError extends Error {
  constructor(error) {
    const reason = reasonOf(error) ?? grpc.status[error.code];
    super(`${reason}: ${error.details}`, { cause: error });
    this.reason = reason;
  }
}

/** The gRPC target of unix:PATH or tcp:HOST:PORT. */
export function target(endpoint) {
  const [, kind, rest] = /^(unix|tcp):(.+)$/.exec(endpoint) ?? [];
  if (!kind) {
    throw new RangeError(
      `endpoint '${endpoint}' is neither unix:PATH nor tcp:HOST:PORT; Node's gRPC does not speak vsock: ` +
        "run 'vaccel-guest forward' beside the program",
    );
  }
  return kind === 'unix' ? endpoint : `dns:${rest}`;
}

/** One session with an agent; end it with close(). */
export class Session {
  #channel;
  #timeout;
  #chunkBytes;
  #stubs = {};
  id;
  uploadedBytes = 0;

  /** Opens a session; timeout is that of each call, in seconds. */
  static async open(endpoint, timeout = 60) {
    const session = new Session(endpoint, timeout);
    try {
      const info = await session.#call('Agent', 'GetAgentInfo', {});
      session.#chunkBytes = info.limits.max_chunk_bytes;
      session.id = (await session.#call('Session', 'OpenSession', { client: 'node' })).session_id;
      return session;
    } catch (error) {
      session.#channel.close();
      throw error;
    }
  }

  constructor(endpoint, timeout) {
    this.#timeout = timeout;
    const credentials = grpc.credentials.createInsecure();
    const options = { 'grpc.default_authority': 'localhost' };
    this.#channel = new grpc.Channel(target(endpoint), credentials, options);
    for (const name of ['Agent', 'Image', 'Model', 'Resource', 'Session']) {
      this.#stubs[name] = new v1[`${name}Service`](target(endpoint), credentials, { channelOverride: this.#channel });
    }
  }

  /** Loads a model with its metadata and labels, sending only what the agent lacks; returns the model's id. */
  async load(file) {
    const { dir, name, ext } = path.parse(file);
    if (!FORMATS[ext]) {
      throw new RangeError(`${file}: the file name ends in none of ${Object.keys(FORMATS).join(', ')}`);
    }
    const beside = ['.json', '.labels.txt'].map((suffix) => path.join(dir, name + suffix)).filter(existsSync);
    const files = [];
    for (const each of [file, ...beside]) {
      files.push({ name: path.basename(each), digest: await digestOf(each), size_bytes: (await stat(each)).size });
      await this.#upload(each, files.at(-1));
    }
    const resource = await this.#call('Resource', 'RegisterResource', {
      session_id: this.id,
      kind: 'RESOURCE_KIND_MODEL',
      files,
    });
    const model = await this.#call('Model', 'LoadModel', {
      session_id: this.id,
      resource_id: resource.resource_id,
      format: FORMATS[ext],
    });
    return model.model_id;
  }

  /** Names what a picture file shows; resolves to a ClassifyImageResponse. */
  async classify(modelId, picture, top = 5) {
    const image = { encoded: { inline: await readFile(picture) } };
    return this.#call('Image', 'ClassifyImage', { session_id: this.id, model_id: modelId, image, top });
  }

  /** Ends the session at the agent, and the connection. */
  async close() {
    try {
      await this.#call('Session', 'CloseSession', { session_id: this.id });
    } finally {
      this.#channel.close();
    }
  }

  async #upload(file, { digest, size_bytes: size }) {
    for (let attempt = 1; ; attempt++) {
      const { contents } = await this.#call('Resource', 'FindContent', { session_id: this.id, digests: [digest] });
      if (contents[0].complete) {
        return;
      }
      const offset = contents[0].received_bytes;
      try {
        await this.#send(file, { session_id: this.id, digest, size_bytes: size, offset });
        this.uploadedBytes += size - offset;
        return;
      } catch (error) {
        if (!['UNAVAILABLE', 'OFFSET_MISMATCH'].includes(error.reason) || attempt === UPLOAD_ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  async #send(file, header) {
    let upload;
    const done = new Promise((resolve, reject) => {
      upload = this.#stubs.Resource.UploadContent({ deadline: this.#deadline() }, settle(resolve, reject));
    });
    // The agent may refuse while we still write; its answer is what counts then.
    const answered = done.then(
      () => true,
      () => true,
    );
    const write = async (message) => {
      if (!upload.write(message)) {
        await Promise.race([new Promise((resolve) => upload.once('drain', resolve)), answered]);
      }
    };
    await write({ header });
    for await (const chunk of createReadStream(file, { start: header.offset, highWaterMark: this.#chunkBytes })) {
      await write({ chunk });
    }
    upload.end();
    return done;
  }

  #call(service, method, request) {
    return new Promise((resolve, reject) => {
      this.#stubs[service][method](request, { deadline: this.#deadline() }, settle(resolve, reject));
    });
  }

  #deadline() {
    return Date.now() + this.#timeout * 1000;
  }
}

function settle(resolve, reject) {
  return (error, response) => (error ? reject(new VaccelError(error)) : resolve(response));
}

async function digestOf(file) {
  const hash = createHash('sha256');
  for await (const block of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(block);
  }
  return hash.digest('hex');
}
