// Serves a folder as a process of its own and prints its URL: server.ts FOLDER [PATIENCE]
import {serve} from '../../src/repository/serve.ts';

const [folder = '', patience] = process.argv.slice(2);
const limits = patience === undefined ? {} : {patience: Number(patience)};
const server = await serve(folder, {port: 0, limits});
console.log(server.url);
