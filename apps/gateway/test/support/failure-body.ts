interface Fields {
  message: unknown;
  code?: string;
}

/** The whole body of a failure outside of GraphQL: what it says of itself, and beside it the form of all errors. */
export const failureBody = <T extends Fields>(fields: T, code: string = fields.code ?? 'UNAUTHENTICATED') => ({
  ...fields,
  errors: [
    {
      message: fields.message,
      extensions: expect.objectContaining({ code, correlationId: expect.any(String) as string }) as object,
    },
  ],
});
