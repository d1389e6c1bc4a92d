interface Fields {
  message: unknown;
  code?: string;
}

/** The whole body of a failure outside of GraphQL: what it says of itself, the members of a problem, and its form in GraphQL. */
export const failureBody = <T extends Fields>(fields: T, code: string = fields.code ?? 'UNAUTHENTICATED') => ({
  ...fields,
  type: expect.stringMatching(`^/api/problems/${code}$`) as string,
  title: expect.any(String) as string,
  status: expect.any(Number) as number,
  detail: expect.any(String) as string,
  code,
  correlationId: expect.any(String) as string,
  errors: [
    {
      message: fields.message,
      extensions: expect.objectContaining({ code, correlationId: expect.any(String) as string }) as object,
    },
  ],
});
