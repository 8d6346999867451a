// `node lock-contender.mjs FOLDER`, forked: told `{ at }` it waits for that moment, to the millisecond, takes the folder
// and tells what came of it; told `release` it gives the folder back.
import { lockFolder } from '../../../dist/store/folder-lock.js';

const [folder] = process.argv.slice(2);
let release = () => undefined;

process.on('message', async (told) => {
  if (told === 'release') {
    release();
    process.send('released');
    return;
  }
  while (Date.now() < told.at);
  try {
    release = await lockFolder(folder);
    process.send('taken');
  } catch (error) {
    process.send(error.name);
  }
});
process.on('disconnect', () => process.exit());
