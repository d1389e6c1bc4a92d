// Which service this container is (variable SERVICE, set by the image or by whoever starts it), and where it tells its health.
const services = ['gateway', 'user', 'post', 'media', 'notification'];

export const service = process.env.SERVICE ?? '';
export const operatorPort = Number(process.env.OPERATOR_PORT) || 9090;

if (!services.includes(service)) {
  console.error(`SERVICE is "${service}"; it must be one of ${services.join(', ')}.`);
  process.exit(64);
}
