export { CounterFolder, type CounterFolderOptions } from './counter-folder.js';
