import type { SignInMethod } from '@fowergram/contracts-user';

/** What the recipes tell each other within one request, in the SDK's userContext. */
export interface SignInContext {
  /** How the user shows who they are; set by the recipe before it makes a session. */
  method?: SignInMethod;
  /** Epoch milliseconds before the password was looked at. */
  passwordShownAt?: number;
  /** True when the core was asked about the password: the SDK does not ask about one for an address without an account. */
  passwordWasChecked?: boolean;
  /** True when the account was made by this request. */
  isNewAccount?: boolean;
  /** The name that was chosen at the sign-up. */
  username?: string;
}

/** Reads and writes the part of the SDK's userContext that is ours. */
export const signInContext = (userContext: unknown): SignInContext => userContext as SignInContext;
