using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Shared.Hosting;

namespace Proofsheet.Identity.Protocol.Web;

/// <summary>What applies to all protocol endpoints: no caching, CORS for the origins of clients, and a rate limit per address.</summary>
internal static class ProtocolPipeline
{
    private static readonly HashSet<string> Public = new(StringComparer.Ordinal) { Paths.Configuration, Paths.AuthorizationServer, Paths.Jwks };

    private static readonly HashSet<string> ForKnownOrigins = new(StringComparer.Ordinal)
    {
        Paths.Token, Paths.UserInfo, Paths.Revocation, Paths.PushedRequests, Paths.Device,
    };

    private static readonly HashSet<string> Limited = new(StringComparer.Ordinal)
    {
        Paths.Token, Paths.Revocation, Paths.PushedRequests, Paths.Device, Paths.Introspection, Paths.Authorize,
    };

    public static void UseProtocol(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        var path = http.Request.Path.Value ?? "";
        if (!path.StartsWith("/connect/", StringComparison.Ordinal) && !path.StartsWith("/.well-known/", StringComparison.Ordinal))
        {
            await next(http);
            return;
        }

        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        // Cacheable documents override this later.
        headers.CacheControl = "no-store";
        headers.Pragma = "no-cache";
        if (await AnswersPreflightAsync(http, path) || IsTooMuch(http, path))
        {
            return;
        }

        await next(http);
        if (http.Features.Get<ProtocolRefusal>() is { } refusal && !http.Response.HasStarted)
        {
            http.SetEndpoint(null);
            http.Request.RouteValues.Clear();
            (http.Request.Path, http.Request.QueryString) = ("/error", QueryString.Create("reason", refusal.Reason));
            await next(http);
        }
    });

    /// <summary>Credentials are not allowed: no endpoint that scripts may read uses a cookie.</summary>
    private static async Task<bool> AnswersPreflightAsync(HttpContext http, string path)
    {
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || !(Public.Contains(path) || ForKnownOrigins.Contains(path)))
        {
            return false;
        }

        var headers = http.Response.Headers;
        headers.Vary = "Origin";
        var isAllowed = Public.Contains(path)
            || (origin.Length <= 300 && await http.RequestServices.GetRequiredService<IClientStore>().IsKnownOriginAsync(origin, http.RequestAborted));
        if (isAllowed)
        {
            headers.AccessControlAllowOrigin = Public.Contains(path) ? "*" : origin;
            headers.AccessControlExposeHeaders = "WWW-Authenticate, DPoP-Nonce";
        }

        if (!HttpMethods.IsOptions(http.Request.Method))
        {
            return false;
        }

        if (isAllowed)
        {
            headers.AccessControlAllowMethods = "GET, POST";
            // X-Requested-With is sent by Swagger UI, which the API's reference page uses.
            headers.AccessControlAllowHeaders = "Authorization, Content-Type, DPoP, X-Requested-With";
            headers.AccessControlMaxAge = "600";
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }

    private static bool IsTooMuch(HttpContext http, string path)
    {
        if (!Limited.Contains(path) && !path.StartsWith(Paths.Registration, StringComparison.Ordinal))
        {
            return false;
        }

        using var lease = http.RequestServices.GetRequiredService<AddressLimiter>().Acquire(http);
        if (lease.IsAcquired)
        {
            return false;
        }

        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = AddressLimiter.Window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return true;
    }
}

/// <summary>Counts requests per address and minute, separately in each process.</summary>
internal sealed class AddressLimiter(IOptions<ProtocolOptions> options) : IDisposable
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        RateLimitPartition.GetSlidingWindowLimiter(AddressKey.Of(http), _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = options.Value.RateLimits.RequestsPerMinute, Window = Window, SegmentsPerWindow = 6, QueueLimit = 0,
        }));

    public RateLimitLease Acquire(HttpContext http) => _limiter.AttemptAcquire(http);

    public void Dispose() => _limiter.Dispose();
}
