/** Injects the one NATS connection of the process. */
export const NATS = Symbol('NATS');

/** Injects the name of this service: its queue group and the prefix of its durable consumers. */
export const SERVICE_NAME = Symbol('SERVICE_NAME');
