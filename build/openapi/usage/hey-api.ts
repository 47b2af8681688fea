import type {
  CartItem,
  Crop,
  DigitalSize,
  OrderItem,
  PhotoSelection,
  PickedPhoto,
  PickPhotoErrors,
  ProblemDetails,
} from "../../../.tools/openapi-clients/api/hey-api";
import type { Equal, Expect } from "./expect";

export type Checks = [
  Expect<Equal<PhotoSelection["picks"], PickedPhoto[]>>,
  Expect<Equal<PickedPhoto["note"], string | null>>,
  Expect<Equal<CartItem["crop"], Crop | null>>,
  Expect<Equal<OrderItem["digitalSize"], DigitalSize | null>>,
  Expect<Equal<PickPhotoErrors[409], ProblemDetails>>,
  Expect<Equal<ProblemDetails["code"], string>>,
];
