export type Use =
  'answers' | 'calls' | 'publishes' | 'consumes' | 'hears' | 'reads' | 'pushes' | 'receives' | 'broadcasts';
export type ServiceMap = Record<string, Record<Use, string[]>>;

export function readServiceMap(root: string): ServiceMap;
export function readOperatorCalls(root: string): string[];
export function servicesOf(root: string): string[];
