const common = ['APP_NAME', 'APP_VERSION', 'ENVIRONMENT', 'LOG_LEVEL', 'NATS_URL'];

/** Where every process answers operators. */
export const operatorPort = 9090;
/** Where clients reach the one process that they may. */
export const gatewayPort = 8000;
/** Where the auth core listens, to the gateway alone. */
export const authCorePort = 3567;

/** The five processes as their configuration reads them; optional variables are left out. */
export const processes: Record<string, { variables: string[] }> = {
  gateway: {
    variables: [
      ...common,
      'PORT',
      'REDIS_URL',
      'API_DOMAIN',
      'WEBSITE_DOMAIN',
      'SUPERTOKENS_CONNECTION_URI',
      'SUPERTOKENS_API_KEY',
      'CURSOR_KEY',
    ],
  },
  user: { variables: [...common, 'DATABASE_URL', 'SECOND_FACTOR_KEY'] },
  post: { variables: [...common, 'DATABASE_URL', 'REDIS_URL'] },
  media: {
    variables: [
      ...common,
      'DATABASE_URL',
      'REDIS_URL',
      'MINIO_ENDPOINT',
      'MINIO_PUBLIC_ENDPOINT',
      'MINIO_ACCESS_KEY',
      'MINIO_SECRET_KEY',
      'MINIO_BUCKET',
    ],
  },
  notification: { variables: [...common, 'DATABASE_URL', 'SMTP_URL', 'MAIL_FROM', 'WEBHOOK_KEY'] },
};

export const services = Object.keys(processes);
