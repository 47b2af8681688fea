using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Remote;
using Proofsheet.Api.Tests.Support;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>A store as one test has it. What the contracts ask is the same of all.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    private static int s_tenants;

    /// <summary>A tenant of this test alone, so that stores shared by tests do not disturb them.</summary>
    public string Tenant { get; } = $"stu_{Environment.ProcessId}x{Interlocked.Increment(ref s_tenants)}";

    internal abstract IObjectStore Store { get; }

    public abstract Task PrepareAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>How much a store may allocate while so many bytes go in and out.</summary>
    internal virtual long MayAllocate(long bytes) => bytes / 10;

    /// <summary>For stores whose leftovers can be seen.</summary>
    internal virtual void AssertNothingHalfWritten()
    {
    }
}

/// <summary>A store behind a network: a real server, and what can be put in between.</summary>
public abstract class RemoteStoreUnderTest : StoreUnderTest
{
    internal List<string> Log { get; } = [];

    internal string Temporary { get; } = TestFolder.New("fetched");

    internal abstract string FullAnswer { get; }

    /// <summary>What the protocol's requests for one part of a large object have in their address, and no others.</summary>
    internal abstract string PartTarget { get; }

    internal abstract Task<Uri> ServerAsync();

    internal abstract IObjectStore Through(FaultProxy proxy, Action<RemoteStoreOptions>? set = null);

    /// <summary>One part is held in memory, and the client libraries take their share.</summary>
    internal override long MayAllocate(long bytes) => (20 << 20) + (bytes / 10);
}
