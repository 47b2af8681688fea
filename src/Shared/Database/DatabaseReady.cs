using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Proofsheet.Shared.Database;

/// <summary>
/// The program is ready once the database has answered and has the schema of this version, and stays ready from then on. If the database were asked
/// each time, a short outage would take every process out of a load balancer at once, along with all that needs no database.
/// </summary>
internal sealed class DatabaseReady(DbContext db, DatabaseReadiness readiness) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (readiness.IsReached)
        {
            return HealthCheckResult.Healthy();
        }

        if (!await db.Database.CanConnectAsync(cancellationToken))
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }

        if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
        {
            return HealthCheckResult.Unhealthy("The database has the schema of another version. Run the command migrate.");
        }

        readiness.IsReached = true;
        return HealthCheckResult.Healthy();
    }
}

/// <summary>Whether the database has answered since the program started.</summary>
internal sealed class DatabaseReadiness
{
    public bool IsReached { get; set; }
}
