import type { CartItem, Crop, OrderItem, PhotoSelection, PickedPhoto, ProblemDetails } from "../../../.tools/openapi-clients/api/orval";
import type { Equal, Expect } from "./expect";

export type Checks = [
  Expect<Equal<PhotoSelection["picks"], PickedPhoto[]>>,
  Expect<Equal<PickedPhoto["note"], string | null>>,
  Expect<Equal<CartItem["crop"], Crop | null>>,
  // Where an enum is nullable, orval goes by its type alone.
  Expect<Equal<OrderItem["digitalSize"], string | null>>,
  Expect<Equal<ProblemDetails["code"], string>>,
];
