using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Storage;

internal static class NeededObjects
{
    /// <summary>
    /// Those of a studio's objects that any module needs, by the rows as they are at this moment. In a scope of its own, which remembers
    /// nothing of what was read before.
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

    /// <summary>Beneath which the objects of all modules are.</summary>
    public static async Task<IReadOnlyList<ObjectPrefix>> PrefixesAsync(this IServiceScopeFactory scopes, Id<Tenant> studio)
    {
        await using var scope = scopes.CreateStudioScope(studio);
        return [.. scope.ServiceProvider.GetServices<IObjectReferenceSource>().Select(names => names.PrefixOf(studio))];
    }
}
