using FluentAssertions;
using Xunit;

namespace Proofsheet.Api.Tests.Data.SqlServer;

/// <summary>Judges the queries that the other tests made the API run; it runs alone, after all parallel tests are done.</summary>
[Trait("Database", "Provider")]
[Collection(nameof(AfterAllQueriesTests))]
[CollectionDefinition(nameof(AfterAllQueriesTests), DisableParallelization = true)]
public sealed class AfterAllQueriesTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_query_that_the_API_ran_in_this_run_has_a_translation_for_SQL_Server()
    {
        output.WriteLine($"{ShadowedQueries.Translated} different queries were translated for SQL Server and parsed; none was executed there.");

        ShadowedQueries.Complaints.Should().BeEmpty();
    }
}
