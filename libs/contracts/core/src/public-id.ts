/** Makes the id that clients and other back ends see of a thing. */
export const publicId = (kind: string, id: string): string => `${kind}_${id}`;
