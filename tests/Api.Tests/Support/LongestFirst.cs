using Proofsheet.Api.Tests.Support;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Proofsheet.Api.Tests.Support;

/// <summary>Starts classes that wait for processes and servers first, so that none of them is still running when the others are done.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [".Crash.", ".Storage.S3", ".Storage.Azure", ".Commands.", ".Downloads.", ".Imaging.", ".Photos."];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(c => Array.FindIndex(Long, part => c.TestCollectionDisplayName.Contains(part, StringComparison.Ordinal)) is var place and >= 0 ? place : Long.Length)
            .ThenBy(c => c.TestCollectionDisplayName, StringComparer.Ordinal)];
}
