using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Remote;
using Proofsheet.Api.Tests.Support;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>A store for one test. The contracts are the same for all stores.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    private static int s_tenants;

    /// <summary>A tenant that only this test uses, so that tests sharing a store do not affect each other.</summary>
    public string Tenant { get; } = $"stu_{Environment.ProcessId}x{Interlocked.Increment(ref s_tenants)}";

    internal abstract IObjectStore Store { get; }

    public abstract Task PrepareAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>How much a store may allocate while it transfers this many bytes in and out.</summary>
    internal virtual long MayAllocate(long bytes) => bytes / 10;

    /// <summary>For stores whose leftovers can be seen.</summary>
    internal virtual void AssertNothingHalfWritten()
    {
    }
}

/// <summary>A store behind a network: a real server, with an optional proxy in between.</summary>
public abstract class RemoteStoreUnderTest : StoreUnderTest
{
    internal List<string> Log { get; } = [];

    internal string Temporary { get; } = TestFolder.New("fetched");

    internal abstract string FullAnswer { get; }

    /// <summary>What only the URLs of requests for one part of a large object contain.</summary>
    internal abstract string PartTarget { get; }

    internal abstract Task<Uri> ServerAsync();

    internal abstract IObjectStore Through(FaultProxy proxy, Action<RemoteStoreOptions>? set = null);

    /// <summary>One part is held in memory, and the client libraries need some as well.</summary>
    internal override long MayAllocate(long bytes) => (20 << 20) + (bytes / 10);
}
