interface SignIn {
  username: string;
  email: string;
  password: string;
}

/** The web app, being served. */
export interface Web {
  readonly url: string;
  close(): Promise<void>;
}

export function serveWeb(options: {
  port?: number;
  apiUrl: string;
  pictureUrl: string;
  demo?: SignIn[];
  folder?: string;
}): Promise<Web>;
