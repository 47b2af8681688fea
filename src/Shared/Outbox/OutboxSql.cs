using Microsoft.EntityFrameworkCore;

namespace Proofsheet.Shared.Outbox;

/// <summary>The statements by which messages are claimed. Both use the index on open messages and read about one row of it for each studio.</summary>
/// <param name="Studios">The studios that have a due message. {0}: now, {1}: whether bulk.</param>
/// <param name="Claim">Claims the first due message of a studio and returns its id. {0}: now, {1}: whether bulk, {2}: studio, {3}: owner, {4}: end of the lease.</param>
internal sealed record OutboxSql(string Studios, string Claim)
{
    /// <summary>The filter of the index; a query must repeat it to use the index.</summary>
    public const string Open = "done_at IS NULL AND dead_at IS NULL";

    private const string Due = Open + " AND due_at <= {0} AND (lease_until IS NULL OR lease_until < {0})";
    private const string Claimed = "lease_owner = {3}, lease_until = {4}, attempts = attempts + 1";

    public static OutboxSql Of(DbContext db, OutboxHandlers handlers)
    {
        var ofStudio = $"is_bulk = {{1}} AND tenant = {{2}} AND {Due} AND {handlers.KnownRows} ORDER BY is_deferred, due_at, id";
        return db.Database.ProviderName switch
        {
            "Microsoft.EntityFrameworkCore.SqlServer" => new(
                // A recursive part may contain neither TOP nor an aggregate.
                $"WITH studios AS (SELECT MIN(tenant) AS tenant FROM outbox_messages WITH (READPAST) WHERE {Open} AND is_bulk = {{1}} "
                + "UNION ALL SELECT following.tenant FROM (SELECT m.tenant, ROW_NUMBER() OVER (ORDER BY m.tenant) AS number FROM outbox_messages m WITH (READPAST) "
                + $"JOIN studios s ON m.tenant > s.tenant WHERE {Open} AND is_bulk = {{1}}) following WHERE following.number = 1) "
                + $"SELECT s.tenant AS Value FROM studios s WHERE {HasDue(handlers, "WITH (READPAST)")} OPTION (MAXRECURSION 0)",
                $"WITH next AS (SELECT TOP (1) * FROM outbox_messages WITH (ROWLOCK, READPAST, UPDLOCK) WHERE {ofStudio}) UPDATE next SET {Claimed} OUTPUT inserted.id AS Value"),
            "Npgsql.EntityFrameworkCore.PostgreSQL" => new(
                StudiosByJumps(handlers),
                $"UPDATE outbox_messages SET {Claimed} WHERE id = (SELECT id FROM outbox_messages WHERE {ofStudio} LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id AS \"Value\""),
            // SQLite has a single writer.
            _ => new(StudiosByJumps(handlers), $"UPDATE outbox_messages SET {Claimed} WHERE id = (SELECT id FROM outbox_messages WHERE {ofStudio} LIMIT 1) RETURNING id AS \"Value\""),
        };
    }

    // Jumps from one studio to the next in the index, instead of reading all of a studio's messages.
    private static string StudiosByJumps(OutboxHandlers handlers) =>
        $"WITH RECURSIVE studios(tenant) AS (SELECT MIN(tenant) FROM outbox_messages WHERE {Open} AND is_bulk = {{1}} "
        + $"UNION ALL SELECT (SELECT MIN(m.tenant) FROM outbox_messages m WHERE {Open} AND m.is_bulk = {{1}} AND m.tenant > s.tenant) FROM studios s WHERE s.tenant IS NOT NULL) "
        + $"SELECT s.tenant AS \"Value\" FROM studios s WHERE s.tenant IS NOT NULL AND {HasDue(handlers, "")}";

    private static string HasDue(OutboxHandlers handlers, string hint) =>
        $"EXISTS (SELECT 1 FROM outbox_messages d {hint} WHERE d.is_bulk = {{1}} AND d.tenant = s.tenant AND {Due} AND {handlers.KnownRows})";
}
