// Sign-in for pages: with code and PKCE at the authority, or through your own backend. A separate entry point, so that pages that only use
// keys do not load oauth4webapi.
export { type BffClient, type BffOptions, type BffUser, createBffClient } from "./sign-in/bff.js";
export { SignInError } from "./sign-in/errors.js";
export { createSignIn, type SignedInUser, type SignIn, type SignInOptions, type SignInRequest } from "./sign-in/session.js";
