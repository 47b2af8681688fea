using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos.Progress;

internal static class WatchGallery
{
    public static void MapWatchGallery(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}/events", HandleAsync)
        .WithName("WatchGallery")
        .WithTags("Photos")
        .WithSummary("Watch a gallery's photos being processed")
        .WithDescription("Server-sent events. The event progress carries what `GetGalleryProgress` answers, at the beginning and whenever it changed; "
            + "photo carries {photoId, status, failure} of each photo that changed; end comes when nothing was under way for a while: close the stream then. "
            + "A comment every few seconds keeps the connection open. With `Last-Event-ID` the news since then come first.")
        .Produces<ServerSentEvents>(StatusCodes.Status200OK, "text/event-stream")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.PhotosRead, Scopes.PhotosUpload);

    private static async Task<Results<EventStream, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, HttpContext http, ProofsheetDb db, TenantContext tenant, GalleryWatchers watchers, CancellationToken cancellation)
    {
        if (!await db.Set<Gallery>().AnyAsync(g => g.Id == galleryId, cancellation))
        {
            return Problems.NotFound("gallery");
        }

        // A number we did not give is one of someone else's stream: then the news begin now.
        var since = long.TryParse(http.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < 253_402_300_799_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(id)
            : (DateTimeOffset?)null;
        return new EventStream((stream, stopping) => watchers.WatchAsync(tenant.Current, galleryId, since, stream, stopping));
    }
}

/// <summary>An answer of server-sent events, as long as the work goes on and the client listens.</summary>
internal sealed class EventStream(Func<EventWriter, CancellationToken, Task> work) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // Proxies that gather answers would hold the news back.
        response.Headers["X-Accel-Buffering"] = "no";
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            httpContext.RequestAborted, httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        try
        {
            await work(new EventWriter(response), ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client went, or the server stops: the stream simply ends, and clients come back by themselves.
        }
    }
}
