using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Data;

[Trait("Database", "Provider")]
public sealed class DatabaseReadyTests
{
    [Fact]
    public async Task A_program_is_not_ready_on_a_schema_of_another_version_and_is_once_it_fits()
    {
        await using var host = await ApiHost.StartAsync();
        var studio = await host.StudioAsync();
        var last = await RunAsync(host, studio, async db => (await db.Database.GetAppliedMigrationsAsync()).Last());
        await RunAsync(host, studio, db => db.Database.ExecuteSqlAsync($"""UPDATE "__EFMigrationsHistory" SET "MigrationId" = '20200101000000_Earlier' WHERE "MigrationId" = {last}"""));
        await using var other = await host.SiblingAsync();

        (await other.Client(null).GetAsync("/health/ready")).Status.Should().Be(503);
        await RunAsync(host, studio, db => db.Database.ExecuteSqlAsync($"""UPDATE "__EFMigrationsHistory" SET "MigrationId" = {last} WHERE "MigrationId" = '20200101000000_Earlier'"""));

        (await other.Client(null).GetAsync("/health/ready")).ShouldBe(200);
    }

    [Fact]
    public async Task Once_it_is_ready_the_database_is_not_asked_again()
    {
        var asked = new AfterStatement("__EFMigrationsHistory");
        await using var host = await ApiHost.StartAsync(services: asked.Watch);
        var times = new List<string>();
        foreach (var time in new[] { "first", "second" })
        {
            asked.Do(() =>
            {
                times.Add(time);
                return Task.CompletedTask;
            });

            (await host.Client(null).GetAsync("/health/ready")).ShouldBe(200);
        }

        times.Should().Equal("first");
    }

    private static Task<T> RunAsync<T>(ApiHost host, StudioClient studio, Func<ProofsheetDb, Task<T>> run) =>
        host.InScopeAsync(studio.Id, services => run(services.GetRequiredService<ProofsheetDb>()));
}
