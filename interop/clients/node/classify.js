// Classifies pictures at a vAccel agent; see README.md.

import { parseArgs } from 'node:util';
import { Session, VaccelError, target } from './vaccel.js';

const USAGE = `usage: classify [--agent ENDPOINT] [--timeout SECONDS] --model FILE PICTURE...

  --agent ENDPOINT    unix:PATH or tcp:HOST:PORT (default: $VACCEL_RPC_ADDRESS)
  --model FILE        the model, with its metadata beside it
  --timeout SECONDS   of each call (default: 60)`;

function parse() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      agent: { type: 'string', default: process.env.VACCEL_RPC_ADDRESS ?? '' },
      model: { type: 'string' },
      timeout: { type: 'string', default: '60' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  if (!values.model || positionals.length === 0) {
    throw new RangeError('give --model FILE and at least one PICTURE');
  }
  if (!values.agent) {
    throw new RangeError('give --agent ENDPOINT, or set VACCEL_RPC_ADDRESS');
  }
  if (!(Number(values.timeout) > 0)) {
    throw new RangeError('--timeout is no positive number');
  }
  target(values.agent);
  return { ...values, timeout: Number(values.timeout), pictures: positionals };
}

async function classify({ agent, model, timeout, pictures }) {
  let status = 0;
  const session = await Session.open(agent, timeout);
  try {
    const modelId = await session.load(model);
    console.error(`uploaded ${session.uploadedBytes} bytes`);
    for (const picture of pictures) {
      try {
        const { labels, executed_on: where } = await session.classify(modelId, picture);
        const [best] = labels;
        console.log([picture, best.name, best.score.toFixed(4), `${where.plugin} on ${where.device}`].join('\t'));
      } catch (error) {
        console.error(`classify: ${picture}: ${expected(error).message}`);
        status = 1;
      }
    }
  } finally {
    await session.close().catch(expected);
  }
  return status;
}

/** The error, when it is one that a user can do something about; anything else is a defect and goes on up. */
function expected(error) {
  if (error instanceof VaccelError || error instanceof RangeError || error.syscall) {
    return error;
  }
  throw error;
}

let options;
try {
  options = parse();
} catch (error) {
  console.error(`classify: ${error.message}\n${USAGE}`);
  process.exit(2);
}
try {
  process.exitCode = await classify(options);
} catch (error) {
  console.error(`classify: ${expected(error).message}`);
  process.exitCode = 1;
}
