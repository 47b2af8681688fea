using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Storage.Maintenance;

/// <summary>
/// Restores lost objects: from an object of the same studio with the same bytes, or by having its module make it again. It may run while
/// the API is in use, and repeatedly: a copy only replaces what was just found to be wrong, with bytes that were read and match the row.
/// </summary>
internal sealed class StoreRepairs(IServiceScopeFactory scopes, IObjectStore store, ObjectCheck check)
{
    public async Task<ObjectRepair> RepairAsync(Id<Tenant> studio, ObjectReference lost, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateStudioScope(studio);
        var sources = scope.ServiceProvider.GetServices<IObjectReferenceSource>().ToList();
        try
        {
            if (lost.Sha256 is not null && await CopyTwinAsync(studio, sources, lost, cancellation))
            {
                return ObjectRepair.Repaired;
            }

            var owner = sources.Single(names => names.PrefixOf(studio).Covers(lost.Key));
            return await owner.MakeAgainAsync(studio, lost, check, cancellation);
        }
        catch (IOException)
        {
            // The store is full or not writable: the damaged object stays as it is, and another run can repair it.
            return ObjectRepair.Impossible;
        }
    }

    private async Task<bool> CopyTwinAsync(Id<Tenant> studio, List<IObjectReferenceSource> sources, ObjectReference lost, CancellationToken cancellation)
    {
        foreach (var names in sources)
        {
            foreach (var twin in await names.TwinsAsync(studio, lost, cancellation))
            {
                if (await check.ProblemOfAsync(lost with { Key = twin }, cancellation) is null
                    && await store.CopyAsync(twin, lost.Key, cancellation) && await check.ProblemOfAsync(lost, cancellation) is null)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
