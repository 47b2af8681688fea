using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Auth.ApiKeys;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Auth.Cors;

/// <summary>
/// CORS for the origins of publishable keys and of studios' OAuth clients, and for those of the installation's own pages. A
/// preflight has no credential, so any of these origins passes it; the request itself must come from an origin of its own studio.
/// Credentials (cookies) are never allowed.
/// </summary>
internal sealed class KeyOriginPolicies(IOptions<AccessOptions> options, TimeProvider clock) : ICorsPolicyProvider
{
    public async Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName)
    {
        var policy = new CorsPolicyBuilder()
            .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
            .WithHeaders("Authorization", "Content-Type", "DPoP", "Idempotency-Key", "If-Match", "If-None-Match", "If-Range", "Proofsheet-Version", "Range", "traceparent", "X-Proofsheet-Client",
                "Tus-Resumable", "Upload-Length", "Upload-Defer-Length", "Upload-Offset", "Upload-Metadata", "Upload-Checksum", "Upload-Concat")
            .WithExposedHeaders("ETag", "WWW-Authenticate", "Location", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "X-Request-Id", "Content-Disposition", "Content-Range", "Idempotency-Replayed",
                "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm", "Upload-Length", "Upload-Defer-Length", "Upload-Offset", "Upload-Expires",
                "Upload-Concat", "Proofsheet-Upload-Outcome", "Proofsheet-Photo", "Proofsheet-Version")
            .SetPreflightMaxAge(TimeSpan.FromHours(1));
        var origin = context.Request.Headers.Origin.ToString();
        return origin.Length is > 0 and <= 200 && await IsAllowedAsync(context, origin) ? policy.WithOrigins(origin).Build() : policy.Build();
    }

    private async Task<bool> IsAllowedAsync(HttpContext context, string origin)
    {
        if (options.Value.Origins.Contains(origin))
        {
            return true;
        }

        var db = context.RequestServices.GetRequiredService<ProofsheetDb>();
        var tenant = context.RequestServices.GetRequiredService<TenantContext>();
        var now = clock.GetUtcNow();
        var origins = db.AcrossTenants<ApiKeyOrigin>().Where(o => o.Origin == origin);
        var keys = db.AcrossTenants<ApiKey>().Where(k => k.RevokedAt == null && (k.ExpiresAt == null || k.ExpiresAt > now));
        if (tenant.IsSet)
        {
            var studio = tenant.Current;
            keys = keys.Where(k => k.TenantId == studio);
        }

        return await origins.AnyAsync(o => keys.Any(k => k.TenantId == o.TenantId && k.Id == o.KeyId), context.RequestAborted)
            || await context.RequestServices.GetRequiredService<IClientOrigins>().HasAsync(origin, tenant.IsSet ? tenant.Current : null, context.RequestAborted);
    }
}

/// <summary>Knows the origins of studios' OAuth clients; implemented by the module that owns them.</summary>
internal interface IClientOrigins
{
    /// <param name="studio">Null for any studio.</param>
    Task<bool> HasAsync(string origin, Id<Tenant>? studio, CancellationToken cancellation);
}
