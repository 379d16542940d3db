// Gets a builder from the shared cache, saying `making` when it has to be made and `done` at the end: maker.ts NAME
import {builderLayers} from '../../src/builder/cache.ts';
import {cacheOptions} from '../fixtures/builders.ts';
import {smallBuilder} from './small-builder.ts';

const [name = ''] = process.argv.slice(2);
await builderLayers(smallBuilder(name), {
  ...(await cacheOptions()),
  onMake: () => console.log('making'),
});
console.log('done');
