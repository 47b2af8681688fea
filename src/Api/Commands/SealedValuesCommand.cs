using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Notifications;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Commands;

internal static class SealedValuesCommand
{
    /// <summary><c>sealed-values</c>: lists the master keys, each with the number of values in the database that it sealed.</summary>
    public static async Task<int> ListAsync(WebApplication app, IConfiguration options)
    {
        await app.Services.MigrateIfEmbeddedAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();
        // An undelivered mail can be made again from its message long after that has left the outbox.
        var counts = await SealedValues.CountAsync(db, entity => RowsOf(db, entity), db.AcrossTenants<MailRecord>().Where(m => m.Payload != null).Select(m => m.Payload!));
        await SealedValues.PrintAsync(app.Services.GetRequiredService<Keyring>(), counts, Console.Out);
        return 0;
    }

    private static IQueryable<object> RowsOf(ProofsheetDb db, Type entity)
    {
        var rows = entity.IsAssignableTo(typeof(ITenantOwned)) ? nameof(OfAllTenants) : nameof(All);
        return (IQueryable<object>)typeof(SealedValuesCommand).GetMethod(rows, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(entity).Invoke(null, [db])!;
    }

    private static IQueryable<object> OfAllTenants<T>(ProofsheetDb db)
        where T : class, ITenantOwned => db.AcrossTenants<T>();

    private static IQueryable<object> All<T>(ProofsheetDb db)
        where T : class => db.Set<T>().AsNoTracking();
}
