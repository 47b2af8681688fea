using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Identity.Outbox;

/// <summary>
/// The outbox handles each message in the scope of a tenant. Nothing here belongs to a studio, so the authority itself is the only owner.
/// </summary>
internal static class OutboxOwner
{
    public static Id<Tenant> Authority { get; } = new(new Guid("00000000-0000-7000-8000-000000000001"));
}
