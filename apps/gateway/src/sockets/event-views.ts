import { createHash } from 'node:crypto';
import type { DocumentNode, ExecutionArgs, ExecutionResult } from 'graphql';
import type { RequestContext } from '../api/context/request-context.js';

/** Executes an event once for all subscriptions of a session that ask for the same of it at the same moment. */
export class EventViews {
  private readonly documents = new WeakMap<DocumentNode, number>();
  private lastDocument = 0;
  private readonly underWay = new WeakMap<object, Map<string, Promise<ExecutionResult>>>();

  /** What a subscription shows of its events: who looks, with which document and which variables. */
  viewOf({ document, operationName, variableValues, contextValue }: ExecutionArgs): string {
    let number = this.documents.get(document);
    if (number === undefined) this.documents.set(document, (number = ++this.lastDocument));
    const handle = (contextValue as RequestContext).session?.handle;
    return createHash('sha256')
      .update(JSON.stringify([number, operationName, variableValues, handle]))
      .digest('base64url');
  }

  /** Joins what is being executed; a result that is there already is not used again, since an event is shown as things are then. */
  join(event: object, view: string, execute: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
    let views = this.underWay.get(event);
    if (!views) this.underWay.set(event, (views = new Map()));
    const joined = views.get(view);
    if (joined) return joined;
    const work = execute().finally(() => views.delete(view));
    views.set(view, work);
    return work;
  }
}
