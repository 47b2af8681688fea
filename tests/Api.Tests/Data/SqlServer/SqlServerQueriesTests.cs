using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Outbox;
using Xunit;

namespace Proofsheet.Api.Tests.Data.SqlServer;

/// <summary>Checks that <see cref="ShadowedQueries"/> is active and finds bad queries.</summary>
public sealed class SqlServerQueriesTests(ApiHost api)
{
    [Fact]
    public async Task A_query_that_the_API_runs_is_translated_for_SQL_Server_too()
    {
        var studio = await api.StudioAsync();

        (await studio.Api.GetAsync("/v1/studio")).ShouldBe(200);

        ShadowedQueries.Translated.Should().BeGreaterThan(0);
    }

    [Fact]
    public async Task Reads_updates_deletes_and_queries_within_queries_are_translated()
    {
        var studio = await api.StudioAsync();
        await api.InScopeAsync(studio.Id, async services =>
        {
            var db = services.GetRequiredService<ProofsheetDb>();
            var names = new[] { "a", "b" };
            var studios = db.Set<Studio>().Where(s => names.Contains(s.Name));
            var messages = db.Set<OutboxMessage>().Where(m => studios.Any(s => s.TenantId == m.Tenant) && db.Set<Studio>().Any(s => s.Name.StartsWith(m.Event)));

            (await SqlOfAsync(q => q.ToListAsync(), messages)).Should().Contain("EXISTS").And.Contain("[outbox_messages]");
            (await SqlOfAsync(q => q.ExecuteDeleteAsync(), messages)).Should().StartWith("DELETE FROM [o]");
            (await SqlOfAsync(q => q.ExecuteUpdateAsync(set => set.SetProperty(m => m.Attempts, m => m.Attempts + 1)), messages)).Should().StartWith("UPDATE [o]");
            return 0;
        });
    }

    [Fact]
    public async Task A_query_without_a_translation_is_reported_with_its_text()
    {
        var studio = await api.StudioAsync();
        await api.InScopeAsync(studio.Id, services =>
        {
            var db = services.GetRequiredService<ProofsheetDb>();
            var onlySqlite = db.Set<Studio>().Where(s => EF.Functions.Glob(s.Name, "a*"));

            var complaint = ShadowedQueries.Complaint<IAsyncEnumerable<Studio>>(onlySqlite.Expression);

            complaint.Should().Contain("no translation").And.Contain("Glob").And.Contain("DbSet<Studio>");
            return Task.FromResult(0);
        });
    }

    private static async Task<string?> SqlOfAsync<T>(Func<IQueryable<T>, Task> run, IQueryable<T> query)
    {
        var sql = await SqlServerShadow.FirstCommandAsync(db =>
            run(db.GetService<IAsyncQueryProvider>().CreateQuery<T>(new OntoAnotherContext(db).Visit(query.Expression))));
        TransactSql.ParseWhole(sql!);
        return sql;
    }
}
