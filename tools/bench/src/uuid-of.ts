const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

/** The row id inside an id that clients see. */
export function uuidOf(id: string): string {
  const uuid = UUID.exec(id)?.[0];
  if (!uuid) throw new Error(`There is no UUID in the id ${id}.`);
  return uuid;
}

/** The id that clients see of another row of the same kind as `example`. */
export function likeId(example: string, uuid: string): string {
  return example.replace(UUID, uuid);
}
