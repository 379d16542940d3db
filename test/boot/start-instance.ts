import {instantiate} from '../../src/boot/instantiate.ts';
import {bootFixture} from '../fixtures/debian-build.ts';

const {build, distribution, engine} = await bootFixture();
const {name} = await instantiate(build, distribution, {
  engine,
  title: 'debian-13',
  hostname: 'look.example.org',
  scratch: {medium: 'disk'},
  log: () => undefined,
});
console.log(name);
