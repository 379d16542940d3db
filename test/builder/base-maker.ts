// Makes a builder from nothing, saying what mmdebstrap says: base-maker.ts NAME PACKAGE...
import {builderLayers} from '../../src/builder/cache.ts';
import {defineBuilder} from '../../src/recipe/builder.ts';
import {cacheOptions} from '../fixtures/builders.ts';

const [name = '', ...packages] = process.argv.slice(2);
await builderLayers(defineBuilder({name, suite: 'trixie', packages}), {
  ...(await cacheOptions()),
  log: (line) => console.log(line),
});
