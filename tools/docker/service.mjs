// Which service this container is (variable SERVICE, set by the image or by whoever starts it), and its usual port.
const ports = { gateway: 8000, user: 8001, post: 8002, media: 8003, notification: 8004 };

export const service = process.env.SERVICE ?? '';
export const port = Number(process.env.PORT) || ports[service];

if (!(service in ports)) {
  console.error(`SERVICE is "${service}"; it must be one of ${Object.keys(ports).join(', ')}.`);
  process.exit(64);
}
