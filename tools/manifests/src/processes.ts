const common = ['APP_NAME', 'APP_VERSION', 'ENVIRONMENT', 'LOG_LEVEL', 'PORT', 'NATS_URL'];

/** The five processes as their configuration reads them; optional variables are left out. */
export const processes: Record<string, { port: number; variables: string[] }> = {
  gateway: {
    port: 8000,
    variables: [
      ...common,
      'REDIS_URL',
      'API_DOMAIN',
      'WEBSITE_DOMAIN',
      'SUPERTOKENS_CONNECTION_URI',
      'SUPERTOKENS_API_KEY',
    ],
  },
  user: { port: 8001, variables: [...common, 'DATABASE_URL', 'SECOND_FACTOR_KEY'] },
  post: { port: 8002, variables: [...common, 'DATABASE_URL', 'REDIS_URL'] },
  media: {
    port: 8003,
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
  notification: { port: 8004, variables: [...common, 'DATABASE_URL', 'SMTP_URL', 'MAIL_FROM'] },
};

export const services = Object.keys(processes);
