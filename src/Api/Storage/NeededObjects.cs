using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Storage;

internal static class NeededObjects
{
    /// <summary>
    /// Which of a studio's objects any module needs, according to the rows at this moment. Uses a separate scope, so that no earlier
    /// reads are reused.
    /// </summary>
    public static async Task<IReadOnlySet<ObjectKey>> NeededAsync(this IServiceScopeFactory scopes, Id<Tenant> studio, IReadOnlyCollection<ObjectStat> objects, CancellationToken cancellation)
    {
        var needed = new HashSet<ObjectKey>();
        await using var scope = scopes.CreateStudioScope(studio);
        foreach (var names in scope.ServiceProvider.GetServices<IObjectReferenceSource>())
        {
            var prefix = names.PrefixOf(studio);
            var own = objects.Where(o => prefix.Covers(o.Key)).ToList();
            if (own.Count > 0)
            {
                needed.UnionWith(await names.NeededAsync(studio, own, cancellation));
            }
        }

        return needed;
    }

    /// <summary>The prefixes of the objects of all modules.</summary>
    public static async Task<IReadOnlyList<ObjectPrefix>> PrefixesAsync(this IServiceScopeFactory scopes, Id<Tenant> studio)
    {
        await using var scope = scopes.CreateStudioScope(studio);
        return [.. scope.ServiceProvider.GetServices<IObjectReferenceSource>().Select(names => names.PrefixOf(studio))];
    }
}
