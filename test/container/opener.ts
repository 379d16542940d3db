// Opens an enclosure, says its name, runs a container in it, says so, and waits to be killed:
// opener.ts FOLDER NETWORK MEDIUM
import {base} from '../../builders/base.ts';
import {toolsContainer} from '../../src/builder/rootfs.ts';
import {lxcEngine} from '../../src/container/enclosure.ts';
import {layersOf} from '../fixtures/builders.ts';

const [folder = '', network, medium] = process.argv.slice(2);
const enclosure = await lxcEngine(folder).open({
  title: 'opened',
  purpose: 'build',
  scratch: medium === 'tmpfs' ? {medium, bytes: 2 ** 26} : {medium: 'disk'},
  network: network === 'own' ? 'own' : 'host',
});
console.log(enclosure.name);
const container = await enclosure.container({
  ...toolsContainer,
  role: 'killed',
  layers: await layersOf(base),
  veths: network === 'own' ? [{name: 'eth0', peer: 'peer0'}] : 'none',
});
await container.start();
await container.run(['sh', '-c', 'echo written > /written; echo running; exec sleep 1000'], {
  log: console.log,
});
