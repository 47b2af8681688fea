using System.Security.Cryptography;
using Proofsheet.Api.Storage;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>What the contracts share. There is a class per contract and store, so that they run in parallel.</summary>
public abstract class StoreContract<TStore> : IAsyncLifetime
    where TStore : StoreUnderTest, new()
{
    private protected static CancellationToken None => CancellationToken.None;

    private protected TStore Under { get; } = new();

    private protected IObjectStore Store => Under.Store;

    private protected string Tenant => Under.Tenant;

    public async ValueTask InitializeAsync() => await Under.PrepareAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Under.DisposeAsync();
    }

    private protected void AssertNothingHalfWritten() => Under.AssertNothingHalfWritten();

    private protected ObjectKey Key(string name) => ObjectKey.Of(Tenant, "photos", "pho_1", name);

    private protected static async Task<string> Sha256OfAsync(IObjectStore store, ObjectKey key)
    {
        await using var reader = await store.OpenAsync(key, cancellation: None);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(reader!.Content, None));
    }

    private protected async Task<byte[]> ReadAsync(ObjectKey key, long offset = 0, long? length = null)
    {
        await using var reader = await Store.OpenAsync(key, offset, length, None);
        return await DrainAsync(reader!.Content);
    }

    private protected async Task<List<ObjectStat>> ListAsync(ObjectPrefix prefix)
    {
        var found = new List<ObjectStat>();
        await foreach (var item in Store.ListAsync(prefix, None))
        {
            found.Add(item);
        }

        return found;
    }

    private protected static async Task<byte[]> DrainAsync(Stream stream)
    {
        var copy = new MemoryStream();
        await stream.CopyToAsync(copy, None);
        return copy.ToArray();
    }
}
