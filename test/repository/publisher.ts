// Publishes a build as a process of its own: publisher.ts BUILD REPOSITORY [killed-at N] [without-links]
import {readBuild} from '../../src/image/manifest.ts';
import {publish} from '../../src/repository/publish.ts';
import {killAt, withoutLinks} from './interruptions.ts';

const [build = '', repository = '', ...conditions] = process.argv.slice(2);
if (conditions.includes('without-links')) withoutLinks();
const moment = conditions.indexOf('killed-at');
if (moment >= 0) killAt(Number(conditions[moment + 1]));
await publish(await readBuild(build), repository);
