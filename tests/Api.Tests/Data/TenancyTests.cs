using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Auth.ApiKeys;
using Proofsheet.Api.Data;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Data;

[Trait("Database", "Provider")]
public sealed class TenancyTests(ApiHost api)
{
    [Fact]
    public async Task A_scope_sees_the_rows_of_its_tenant_only()
    {
        var anna = await api.StudioAsync("anna");
        var ben = await api.StudioAsync("ben");

        var seen = await api.InScopeAsync(anna.Id, s => s.GetRequiredService<ProofsheetDb>().Set<Studio>().Select(x => x.TenantId).ToListAsync());
        var alsoSeen = await api.InScopeAsync(ben.Id, s => s.GetRequiredService<ProofsheetDb>().Set<Studio>().Select(x => x.TenantId).ToListAsync());

        seen.Select(id => id.ToString()).Should().Equal(anna.Id);
        alsoSeen.Select(id => id.ToString()).Should().Equal(ben.Id);
    }

    [Fact]
    public async Task A_scope_without_a_tenant_cannot_query()
    {
        await using var scope = api.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();

        var query = () => db.Set<Studio>().ToListAsync();

        await query.Should().ThrowAsync<MissingTenantException>();
    }

    [Fact]
    public async Task Saving_or_deleting_another_tenants_row_throws()
    {
        var anna = await api.StudioAsync("anna");
        var ben = await api.StudioAsync("ben");
        var theirs = await api.InScopeAsync(ben.Id, s => s.GetRequiredService<ProofsheetDb>().Set<Studio>().AsNoTracking().SingleAsync());

        foreach (var state in new[] { EntityState.Added, EntityState.Modified, EntityState.Deleted })
        {
            var save = () => api.InScopeAsync(anna.Id, async s =>
            {
                var db = s.GetRequiredService<ProofsheetDb>();
                db.Entry(theirs).State = state;
                return await db.SaveChangesAsync();
            });
            await save.Should().ThrowAsync<CrossTenantException>();
        }
    }

    [Fact]
    public async Task A_scope_never_changes_its_tenant()
    {
        var anna = await api.StudioAsync("anna");
        var ben = await api.StudioAsync("ben");

        var change = () => api.InScopeAsync(anna.Id, s =>
        {
            s.GetRequiredService<TenantContext>().Set(Id<Tenant>.Parse(ben.Id, null));
            return Task.FromResult(0);
        });

        await change.Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task The_database_itself_refuses_a_reference_into_another_tenant()
    {
        var anna = await api.StudioAsync("anna");
        var ben = await api.StudioAsync("ben");
        var theirKey = await api.InScopeAsync(ben.Id, s => s.GetRequiredService<ProofsheetDb>().Set<ApiKey>().Select(k => k.Id).FirstAsync());

        var save = () => api.InScopeAsync(anna.Id, async s =>
        {
            var db = s.GetRequiredService<ProofsheetDb>();
            db.Add(new ApiKeyOrigin { KeyId = theirKey, Origin = "https://x.example" });
            return await db.SaveChangesAsync();
        });

        await save.Should().ThrowAsync<DbUpdateException>();
    }

    [Fact]
    public void Every_tenant_owned_entity_has_the_filter_and_begins_its_key_with_the_tenant()
    {
        using var scope = api.Services.CreateScope();
        var model = scope.ServiceProvider.GetRequiredService<ProofsheetDb>().Model;
        var owned = model.GetEntityTypes().Where(e => typeof(ITenantOwned).IsAssignableFrom(e.ClrType)).ToList();

        owned.Should().NotBeEmpty();
        owned.Should().OnlyContain(e => e.FindDeclaredQueryFilter(ProofsheetDb.TenantFilter) != null);
        owned.Should().OnlyContain(e => e.FindPrimaryKey()!.Properties[0].Name == nameof(ITenantOwned.TenantId));
        owned.SelectMany(e => e.GetForeignKeys())
            .Where(k => typeof(ITenantOwned).IsAssignableFrom(k.PrincipalEntityType.ClrType))
            .Where(k => k.Properties[0].Name != nameof(ITenantOwned.TenantId))
            .Select(k => k.ToString())
            .Should().BeEmpty("a reference names its tenant first, so that the database refuses a crossing");
    }
}
