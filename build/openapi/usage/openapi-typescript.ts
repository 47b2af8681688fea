import type { components, operations } from "../../../.tools/openapi-clients/api/openapi-typescript";
import type { Equal, Expect } from "./expect";

type Schemas = components["schemas"];
type Problem = operations["PickPhoto"]["responses"][409]["content"]["application/problem+json"];

export type Checks = [
  Expect<Equal<Schemas["PhotoSelection"]["picks"], Schemas["PickedPhoto"][]>>,
  Expect<Equal<Schemas["PickedPhoto"]["note"], string | null>>,
  Expect<Equal<Schemas["CartItem"]["crop"], Schemas["Crop"] | null>>,
  Expect<Equal<Schemas["OrderItem"]["digitalSize"], Schemas["DigitalSize"] | null>>,
  Expect<Equal<Problem["code"], string>>,
];
