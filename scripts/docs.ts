import {writeFile} from 'node:fs/promises';
import {jsonSchema} from '../src/config/schema.ts';

// Writes what the documentation has that is made from the code; a test says when it is old.
await writeFile(
  new URL('../docs/osctl-templates.schema.json', import.meta.url),
  `${JSON.stringify(jsonSchema(), null, 2)}\n`,
);
