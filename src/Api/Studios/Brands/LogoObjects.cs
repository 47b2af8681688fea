using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Brands;

/// <summary>The studio's logo, stored under the hash of its bytes.</summary>
internal sealed class LogoObjects(ProofsheetDb db) : IObjectReferenceSource
{
    public ObjectPrefix PrefixOf(Id<Tenant> studio) => ObjectPrefix.Of(studio.ToString(), "logos");

    public async Task<IReadOnlySet<ObjectKey>> NeededAsync(Id<Tenant> studio, IReadOnlyCollection<ObjectStat> objects, CancellationToken cancellation)
    {
        var needed = new HashSet<ObjectKey>();
        await foreach (var logo in ReferencesAsync(studio, default, after: null, cancellation))
        {
            needed.Add(logo.Key);
        }

        return needed;
    }

    /// <remarks>A logo's row has no creation time, so it is always returned.</remarks>
    public async IAsyncEnumerable<ObjectReference> ReferencesAsync(Id<Tenant> studio, DateTimeOffset since, ObjectKey? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (await db.Set<Branding>().Where(b => b.LogoSha256 != null).Select(b => b.LogoSha256).SingleOrDefaultAsync(cancellation) is { } sha256
            && Branding.LogoKeyOf(studio, sha256) is var key && key != after)
        {
            yield return new ObjectReference(key, null, sha256);
        }
    }
}
