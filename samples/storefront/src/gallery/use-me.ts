import { useQuery } from "@tanstack/react-query";
import { useSession } from "../session";
import { useGallery } from "./context";

/** Who the visitor of this device is. */
export function useMe() {
  const { slug, api } = useGallery();
  const session = useSession(slug);
  return useQuery({ queryKey: ["gallery", slug, "me", session?.visitorId], queryFn: ({ signal }) => api.me(signal), staleTime: 0 });
}
