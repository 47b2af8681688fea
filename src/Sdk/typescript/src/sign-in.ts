// Signing people in, for pages: at the authority with code and PKCE, or through a backend of your own. An entry of its own,
// so that who works with keys alone never loads oauth4webapi.
export { type BffClient, type BffOptions, type BffUser, createBffClient } from "./sign-in/bff.js";
export { SignInError } from "./sign-in/errors.js";
export { createSignIn, type SignedInUser, type SignIn, type SignInOptions, type SignInRequest } from "./sign-in/session.js";
