using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Auth;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Members;

/// <summary>Which account has which role in which studio, at most a minute out of date. This process's own changes take effect in it at once.</summary>
internal sealed class MemberDirectory(TimeProvider clock)
{
    private readonly ShortCache<(string AccountDigest, string Studio), MemberOf> _known = new(clock, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));

    public ValueTask<MemberOf?> FindAsync(Account account, string studio, ProofsheetDb db, CancellationToken cancellation) =>
        _known.GetAsync((account.Digest, studio), db, static (key, db, cancellation) => ReadAsync(key.AccountDigest, key.Studio, db, cancellation), cancellation);

    public void Forget(string accountDigest) => _known.Forget(key => key.AccountDigest == accountDigest);

    private static Task<MemberOf?> ReadAsync(string accountDigest, string studio, ProofsheetDb db, CancellationToken cancellation)
    {
        var studios = Id<Tenant>.TryRead(studio, out var id)
            ? db.AcrossTenants<Studio>().Where(s => s.TenantId == id)
            : db.AcrossTenants<Studio>().Where(s => s.Slug == studio);
        return db.AcrossTenants<Member>().Where(m => m.AccountDigest == accountDigest)
            .Join(studios, m => m.TenantId, s => s.TenantId, (m, s) => new MemberOf(s.TenantId, m.Role, s.IsSandbox))
            .SingleOrDefaultAsync(cancellation);
    }
}

internal sealed class Memberships(MemberDirectory directory, ProofsheetDb db) : IMemberships
{
    public ValueTask<MemberOf?> FindAsync(Account account, string studio, CancellationToken cancellation) => directory.FindAsync(account, studio, db, cancellation);
}

/// <summary>Makes the directory forget changed memberships once the change is committed.</summary>
internal sealed class MemberChanges(MemberDirectory directory) : AfterCommit
{
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    protected override void NoteSave(DbContext context)
    {
        foreach (var entry in context.ChangeTracker.Entries<Member>().Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted))
        {
            _changed.Add(entry.Entity.AccountDigest);
        }
    }

    protected override void Act()
    {
        foreach (var account in _changed)
        {
            directory.Forget(account);
        }

        _changed.Clear();
    }
}
