using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Hosting;

namespace Proofsheet.Api.Http;

/// <summary>The maximum number of requests per hour. Media, downloads and health checks do not count.</summary>
internal sealed class RateLimitOptions
{
    [Range(1, int.MaxValue)]
    public int AnonymousPerHour { get; init; } = 100;

    [Range(1, int.MaxValue)]
    public int SandboxKeyPerHour { get; init; } = 1_000;

    [Range(1, int.MaxValue)]
    public int KeyPerHour { get; init; } = 100_000;

    [Range(1, int.MaxValue)]
    public int VisitorPerHour { get; init; } = 10_000;

    /// <summary>For one account by one client.</summary>
    [Range(1, int.MaxValue)]
    public int UserPerHour { get; init; } = 20_000;
}

/// <summary>Marks an endpoint without a rate limit: pictures, downloads, health checks.</summary>
internal sealed class NotRateLimited;

internal static class RateLimiting
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public static IServiceCollection AddRateLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RateLimitOptions>().Bind(configuration.GetSection("RateLimits")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(sp => new RequestLimiter(sp.GetRequiredService<IOptions<RateLimitOptions>>().Value));
        return services;
    }

    /// <summary>Counts requests per credential (anonymous: per address) and answers 429 beyond the limit.</summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        // A credential that could not be looked up must not count against the caller's address.
        if (http.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<NotRateLimited>() is not null || CredentialProblem.Of(http) is { Status: 503 })
        {
            await next(http);
            return;
        }

        var limiter = http.RequestServices.GetRequiredService<RequestLimiter>();
        using var lease = limiter.Acquire(http);
        var limit = limiter.LimitOf(http);
        var remaining = limiter.Remaining(http);
        http.Response.Headers["RateLimit-Limit"] = limit.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["RateLimit-Remaining"] = Math.Max(0, remaining).ToString(CultureInfo.InvariantCulture);
        if (lease.IsAcquired)
        {
            await next(http);
            return;
        }

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window;
        RetryAfter.Write(http, wait);
        await Problems.Of(429, "rate_limited", $"More than {limit} requests in an hour. Wait as `Retry-After` says.").ExecuteAsync(http);
    });

    internal sealed class RequestLimiter(RateLimitOptions options) : IDisposable
    {
        private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
            RateLimitPartition.GetSlidingWindowLimiter(PartitionOf(http), _ => new SlidingWindowRateLimiterOptions
            {
                PermitLimit = Of(http, options), Window = Window, SegmentsPerWindow = 12, QueueLimit = 0,
            }));

        public RateLimitLease Acquire(HttpContext http) => _limiter.AttemptAcquire(http);

        public int LimitOf(HttpContext http) => Of(http, options);

        public long Remaining(HttpContext http) => _limiter.GetStatistics(http)?.CurrentAvailablePermits ?? 0;

        public void Dispose() => _limiter.Dispose();

        private static int Of(HttpContext http, RateLimitOptions options)
        {
            var caller = http.RequestServices.GetRequiredService<Caller>();
            return caller.Type switch
            {
                CallerType.Anonymous => options.AnonymousPerHour,
                CallerType.Visitor => options.VisitorPerHour,
                CallerType.User when !caller.IsSandbox => options.UserPerHour,
                _ => caller.IsSandbox ? options.SandboxKeyPerHour : options.KeyPerHour,
            };
        }

        /// <summary>Whose requests are counted together.</summary>
        public static string PartitionOf(HttpContext http)
        {
            var caller = http.RequestServices.GetRequiredService<Caller>();
            return caller.Type == CallerType.Anonymous ? $"address:{AddressKey.Of(http)}" : $"{caller.Type}:{caller.Name}";
        }
    }
}
