import { foundLists } from './found-lists.js';
import { postLists } from './post-lists.js';
import { reportLists } from './report-lists.js';
import type { Stage } from './stage.js';
import { userLists } from './user-lists.js';
import { webhookLists } from './webhook-lists.js';

/** A list that is open for a test: what it is of has just been made. */
export interface OpenList {
  /** The id of the object that it belongs to, as clients know it; none for a list of the viewer alone. */
  ownerId?: string;
  /** How that object is asked for that node(id) does not find. */
  owner?: string;
  /** Puts a new item where this time has its place, if the list is ordered by time; answers the id of the item. */
  add: (at: Date) => Promise<string>;
  remove: (id: string) => Promise<unknown>;
  /** Puts something into the list of which a part is gone, and which may be left out. */
  addBroken?: (at: Date) => Promise<unknown>;
  /** Puts so many in front of all that is there, of which the viewer sees nothing. */
  addUnseen?: (count: number) => Promise<unknown>;
}

/** How the list that a field answers is filled. */
export interface ListCase {
  /** Such as User.followers; what does not begin with Query belongs to an object. */
  field: string;
  /** Its own arguments, where it has some. */
  args?: string;
  /** Others with which the same field is another list. */
  otherArgs?: string;
  /** Why there are not thousands in a row that the viewer does not see, where the list has no addUnseen. */
  noCrowd?: string;
  open: (stage: Stage) => Promise<OpenList>;
}

/** Every list of the schema; a new one needs a line in one of these. */
export const listCases: ListCase[] = [...userLists, ...postLists, ...foundLists, ...reportLists, ...webhookLists];
