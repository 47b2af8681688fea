using System.Collections.Concurrent;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Tests.Jose;

/// <summary>One key per algorithm, shared by all tests because RSA keys are slow to create. Tests must not modify or dispose them.</summary>
internal static class TestKeys
{
    private static readonly ConcurrentDictionary<string, Lazy<SigningKey>> Keys = new(StringComparer.Ordinal);

    public static SigningKey Of(string algorithm) => Keys.GetOrAdd(algorithm, a => new Lazy<SigningKey>(() => SigningKey.Create(a))).Value;
}
