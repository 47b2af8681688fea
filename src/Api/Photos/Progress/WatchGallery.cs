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
        .WithDescription("Sends server-sent events. The event progress contains what `GetGalleryProgress` returns and is sent at the start and after each change. "
            + "The event photo contains {photoId, status, failure} of each photo that changed. The event end is sent when nothing has been in progress for a while: "
            + "close the stream then. A comment every few seconds keeps the connection open. With `Last-Event-ID`, the stream starts with the events since then.")
        .WithMetadata(new EndlessAnswer())
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

        // An id that we did not issue belongs to another stream, so the events start now.
        var since = long.TryParse(http.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < 253_402_300_799_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(id)
            : (DateTimeOffset?)null;
        return new EventStream((stream, stopping) => watchers.WatchAsync(tenant.Current, galleryId, since, stream, stopping));
    }
}

/// <summary>A response of server-sent events that lasts as long as work is in progress and the client listens.</summary>
internal sealed class EventStream(Func<EventWriter, CancellationToken, Task> work) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // Proxies that buffer responses would delay the events.
        response.Headers["X-Accel-Buffering"] = "no";
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            httpContext.RequestAborted, httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        try
        {
            await work(new EventWriter(response), ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client disconnected or the server is stopping: the stream just ends, and clients reconnect by themselves.
        }
    }
}
