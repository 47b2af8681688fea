using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Http;

/// <summary>
/// How many requests run at the same time in one process. Without these limits, one visitor, key or studio could take all connections of the database.
/// Pictures, downloads, health checks and streams of events do not count.
/// </summary>
internal sealed class ConcurrencyOptions
{
    /// <summary>For one key, visitor or account; without a credential, for one address.</summary>
    [Range(1, 10_000)]
    public int PerCaller { get; init; } = 16;

    /// <summary>For all callers of one studio together. Keep it below half of the connection pool.</summary>
    [Range(1, 10_000)]
    public int PerStudio { get; init; } = 40;

    /// <summary>Uploads of one caller, which take minutes and use the database for moments.</summary>
    [Range(1, 10_000)]
    public int UploadsPerCaller { get; init; } = 64;

    /// <summary>Look-ups of credentials of one studio's visitors, or of one key.</summary>
    [Range(1, 1_000)]
    public int LookupsPerStudio { get; init; } = 8;

    /// <summary>How many further requests may wait for each limit.</summary>
    [Range(0, 10_000)]
    public int MaxWaiting { get; init; } = 100;

    [Range(100, 60_000)]
    public int WaitMilliseconds { get; init; } = 3_000;
}

/// <summary>Marks an endpoint whose requests receive files.</summary>
internal interface IReceivesFiles;

/// <summary>Marks an endpoint whose answers never end by themselves.</summary>
internal sealed class EndlessAnswer;

internal static class ConcurrencyLimiting
{
    public const string Code = "too_many_concurrent_requests";
    public const string Detail = "Too many requests of this credential or studio are running at this moment. Send this one again as `Retry-After` says, and fewer at a time.";
    public const int RetryAfterSeconds = 2;

    public static IServiceCollection AddConcurrencyLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ConcurrencyOptions>().Bind(configuration.GetSection("Concurrency")).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton(sp => new ConcurrentRequests(sp.GetRequiredService<IOptions<ConcurrencyOptions>>().Value));
    }

    /// <summary>Lets requests wait for a moment when too many of their caller or studio are running, and then answers 503.</summary>
    public static IApplicationBuilder UseConcurrencyLimits(this IApplicationBuilder app)
    {
        var requests = app.ApplicationServices.GetRequiredService<ConcurrentRequests>();
        return app.Use(async (http, next) =>
        {
            using var lease = await requests.EnterAsync(http);
            if (lease is null or { IsAcquired: true })
            {
                await next(http);
                return;
            }

            RetryAfter.Write(http, TimeSpan.FromSeconds(RetryAfterSeconds));
            await Problems.Of(503, Code, Detail).ExecuteAsync(http);
        });
    }

    internal sealed class ConcurrentRequests : IDisposable
    {
        private readonly PartitionedRateLimiter<HttpContext> _byCaller;
        private readonly PartitionedRateLimiter<HttpContext> _byStudio;
        private readonly TimeSpan _wait;

        public ConcurrentRequests(ConcurrencyOptions options)
        {
            _wait = TimeSpan.FromMilliseconds(options.WaitMilliseconds);
            _byCaller = PartitionedRateLimiter.Create<HttpContext, string>(http => ReceivesFiles(http)
                ? RateLimitPartition.GetConcurrencyLimiter($"uploads:{RateLimiting.RequestLimiter.PartitionOf(http)}", _ => Limit(options.UploadsPerCaller, options.MaxWaiting))
                : RateLimitPartition.GetConcurrencyLimiter(RateLimiting.RequestLimiter.PartitionOf(http), _ => Limit(options.PerCaller, options.MaxWaiting)));
            _byStudio = PartitionedRateLimiter.Create<HttpContext, string>(http => StudioOf(http) is { } studio && !ReceivesFiles(http)
                ? RateLimitPartition.GetConcurrencyLimiter(studio, _ => Limit(options.PerStudio, options.MaxWaiting))
                : RateLimitPartition.GetNoLimiter(""));
        }

        /// <summary>Waits for the caller's and then the studio's limit; null if the request does not count.</summary>
        public async ValueTask<RateLimitLease?> EnterAsync(HttpContext http)
        {
            if (http.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<EndlessAnswer>() is not null
                || (endpoint.Metadata.GetMetadata<NotRateLimited>() is not null && !ReceivesFiles(http)))
            {
                return null;
            }

            var byCaller = _byCaller.AttemptAcquire(http);
            if (!byCaller.IsAcquired)
            {
                byCaller = await WaitAsync(_byCaller, http);
            }

            if (!byCaller.IsAcquired)
            {
                return byCaller;
            }

            try
            {
                var byStudio = _byStudio.AttemptAcquire(http);
                if (!byStudio.IsAcquired)
                {
                    byStudio = await WaitAsync(_byStudio, http);
                }

                if (byStudio.IsAcquired)
                {
                    return new BothLeases(byCaller, byStudio);
                }

                byCaller.Dispose();
                return byStudio;
            }
            catch
            {
                byCaller.Dispose();
                throw;
            }
        }

        public void Dispose()
        {
            _byCaller.Dispose();
            _byStudio.Dispose();
        }

        private async ValueTask<RateLimitLease> WaitAsync(PartitionedRateLimiter<HttpContext> limiter, HttpContext http)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            wait.CancelAfter(_wait);
            try
            {
                return await limiter.AcquireAsync(http, 1, wait.Token);
            }
            catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
            {
                return Refused.Instance;
            }
        }

        private static bool ReceivesFiles(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<IReceivesFiles>() is not null;

        private static string? StudioOf(HttpContext http) =>
            http.RequestServices.GetRequiredService<TenantContext>() is { IsSet: true } tenant ? tenant.Current.ToStored() : null;

        private static ConcurrencyLimiterOptions Limit(int running, int waiting) =>
            new() { PermitLimit = running, QueueLimit = waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };
    }

    private sealed class BothLeases(RateLimitLease byCaller, RateLimitLease byStudio) : RateLimitLease
    {
        public override bool IsAcquired => true;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            byStudio.Dispose();
            byCaller.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Refused : RateLimitLease
    {
        public static readonly Refused Instance = new();

        public override bool IsAcquired => false;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
