/** Runs in a node's network namespace: hands the connections to its port over to the process that started it. */
import {createServer} from 'node:net';

const [address, port] = process.argv.slice(2);
const server = createServer({pauseOnConnect: true}, (socket) => process.send?.('connection', socket));
server.listen(Number(port), address, () => process.send?.('listening'));
process.once('disconnect', () => process.exit());
