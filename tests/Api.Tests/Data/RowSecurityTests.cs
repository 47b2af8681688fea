using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Providers.Postgres;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Data;

/// <summary>Row-level security of PostgreSQL, seen by raw SQL on connections that the application does not prepare.</summary>
[Trait("Database", "Provider")]
public sealed class RowSecurityTests : IAsyncLifetime
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private ApiHost _host = null!;
    private StudioClient _anna = null!;
    private StudioClient _bert = null!;

    private string Connection => _host.Shared["Database:ConnectionString"]!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        Assert.SkipUnless(_host.Shared["Database:Provider"] == nameof(DatabaseProvider.Postgres), "Only PostgreSQL has row-level security.");
        (_anna, _bert) = (await _host.StudioAsync(), await _host.StudioAsync());
        foreach (var studio in (StudioClient[])[_anna, _bert])
        {
            var gallery = await studio.GalleryAsync();
            await gallery.UploadAsync(("a.jpg", PhotoClients.NewJpeg()));
        }
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Every_table_with_a_tenant_has_the_policy_and_it_holds_for_the_owner()
    {
        await using var db = TestDatabase.Open(DatabaseProvider.Postgres, Connection, new TenantContext());
        var owned = db.Model.GetEntityTypes().Where(e => typeof(ITenantOwned).IsAssignableFrom(e.ClrType)).Select(e => e.GetTableName()!).Distinct().ToList();
        await using var raw = await OpenAsync();

        var guarded = await ListAsync(raw,
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polcmd = '*' AND p.polpermissive");
        var withTenant = await ListAsync(raw, "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'");

        owned.Should().NotBeEmpty();
        guarded.Should().BeEquivalentTo(withTenant).And.Contain(owned);
        (await ListAsync(raw, "SELECT CASE WHEN rolsuper OR rolbypassrls THEN 'exempt' ELSE 'bound' END FROM pg_roles WHERE rolname = current_user")).Should().Equal("bound");
    }

    [Fact]
    public async Task Without_the_setting_no_table_with_a_tenant_has_a_row()
    {
        await using var raw = await OpenAsync();
        var tables = await ListAsync(raw, "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'");
        await SetAsync(raw, RowSecurity.AllTenants);
        var filled = new List<string>();
        foreach (var table in tables)
        {
            filled.AddRange(await CountAsync(raw, table) > 0 ? [table] : []);
        }

        filled.Should().Contain(["galleries", "photos", "photo_versions", "api_keys"]);
        foreach (var nobody in (string[])["", "00000000000000000000000000"])
        {
            await SetAsync(raw, nobody);
            foreach (var table in tables)
            {
                (await CountAsync(raw, table)).Should().Be(0, "{0} is set to '{1}'", table, nobody);
            }
        }

        await using var untouched = await OpenAsync();
        (await CountAsync(untouched, "photos")).Should().Be(0);
    }

    [Fact]
    public async Task A_studio_sees_and_changes_only_its_own_rows_whatever_the_statement_says()
    {
        await using var raw = await OpenAsync();
        await SetAsync(raw, Stored(_anna));

        (await ListAsync(raw, "SELECT DISTINCT tenant_id FROM photos")).Should().Equal(Stored(_anna));
        (await RunAsync(raw, $"UPDATE galleries SET title = 'Stolen' WHERE tenant_id = '{Stored(_bert)}'")).Should().Be(0);
        (await RunAsync(raw, $"DELETE FROM photos WHERE tenant_id = '{Stored(_bert)}'")).Should().Be(0);
        var moving = () => RunAsync(raw, $"UPDATE galleries SET tenant_id = '{Stored(_bert)}'");
        (await moving.Should().ThrowAsync<PostgresException>()).Which.SqlState.Should().Be(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task What_one_user_of_a_connection_sets_the_next_one_does_not_have()
    {
        // One connection, so that each gets that of the one before; the second string does not reset what comes back to the pool.
        foreach (var pool in (string[])["Maximum Pool Size=1", "Maximum Pool Size=1;No Reset On Close=true"])
        {
            (await GalleriesAsync($"{Connection};{pool}", Of(_anna), across: false)).Should().Be(1);
            (await GalleriesAsync($"{Connection};{pool}", Of(_bert), across: true)).Should().Be(2);
            (await GalleriesAsync($"{Connection};{pool}", Of(_bert), across: false)).Should().Be(1);
            await using var db = TestDatabase.Open(DatabaseProvider.Postgres, $"{Connection};{pool}", new TenantContext());

            // A query without a filter, as if a module had forgotten it.
            (await Unfiltered(db).CountAsync(_cancellation)).Should().Be(0, "this scope has no tenant, and {0}", pool);
        }
    }

    [Fact]
    public async Task The_setting_survives_a_rollback()
    {
        var tenant = Of(_anna);
        await using var db = TestDatabase.Open(DatabaseProvider.Postgres, Connection, tenant);
        await using (var transaction = await db.Database.BeginTransactionAsync(_cancellation))
        {
            await db.Set<Gallery>().CountAsync(_cancellation);
            await transaction.CreateSavepointAsync("before", _cancellation);
            (await db.AcrossTenants<Gallery>().CountAsync(_cancellation)).Should().Be(2);
            await transaction.RollbackToSavepointAsync("before", _cancellation);
            (await Unfiltered(db).CountAsync(_cancellation)).Should().Be(1, "the query across tenants was before");
            (await db.AcrossTenants<Gallery>().CountAsync(_cancellation)).Should().Be(2);
            await transaction.RollbackAsync(_cancellation);
        }

        (await Unfiltered(db).CountAsync(_cancellation)).Should().Be(1);
    }

#pragma warning disable RS0030 // What the ban prevents is what the database must catch.
    private static IQueryable<Gallery> Unfiltered(ProofsheetDb db) => db.Set<Gallery>().IgnoreQueryFilters();
#pragma warning restore RS0030

    private async Task<int> GalleriesAsync(string connection, TenantContext tenant, bool across)
    {
        await using var db = TestDatabase.Open(DatabaseProvider.Postgres, connection, tenant);
        return await (across ? db.AcrossTenants<Gallery>() : Unfiltered(db)).CountAsync(_cancellation);
    }

    private static TenantContext Of(StudioClient studio)
    {
        var tenant = new TenantContext();
        tenant.Set(Id<Tenant>.Parse(studio.Id, null));
        return tenant;
    }

    private static string Stored(StudioClient studio) => Id<Tenant>.Parse(studio.Id, null).ToStored();

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var raw = new NpgsqlConnection($"{Connection};Pooling=false");
        await raw.OpenAsync(_cancellation);
        return raw;
    }

    private Task<int> SetAsync(NpgsqlConnection raw, string tenant) => RunAsync(raw, $"SELECT set_config('{RowSecurity.Setting}', '{tenant}', false)");

    private async Task<int> RunAsync(NpgsqlConnection raw, string sql)
    {
        await using var command = new NpgsqlCommand(sql, raw);
        return await command.ExecuteNonQueryAsync(_cancellation);
    }

    private async Task<long> CountAsync(NpgsqlConnection raw, string table) => long.Parse((await ListAsync(raw, $"SELECT COUNT(*)::text FROM \"{table}\"")).Single(), null);

    private async Task<List<string>> ListAsync(NpgsqlConnection raw, string sql)
    {
        await using var command = new NpgsqlCommand(sql, raw);
        await using var reader = await command.ExecuteReaderAsync(_cancellation);
        var list = new List<string>();
        while (await reader.ReadAsync(_cancellation))
        {
            list.Add(reader.GetString(0));
        }

        return list;
    }
}
