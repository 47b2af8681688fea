using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Identity.Outbox;

/// <summary>
/// The outbox opens each message in the scope of a tenant. Here nothing belongs to a studio: the authority itself is the one owner.
/// </summary>
internal static class OutboxOwner
{
    public static Id<Tenant> Authority { get; } = new(new Guid("00000000-0000-7000-8000-000000000001"));
}
