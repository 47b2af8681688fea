using System.Collections.Concurrent;
using Proofsheet.Jose;

namespace Proofsheet.Identity.Tests.Jose;

/// <summary>A key of each algorithm for all tests: RSA keys take a while to make. Whoever gets one leaves it as it is.</summary>
internal static class TestKeys
{
    private static readonly ConcurrentDictionary<string, Lazy<SigningKey>> Keys = new(StringComparer.Ordinal);

    public static SigningKey Of(string algorithm) => Keys.GetOrAdd(algorithm, a => new Lazy<SigningKey>(() => SigningKey.Create(a))).Value;
}
