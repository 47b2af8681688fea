using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Media.Signing;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.OrderDownloads;

internal sealed record DownloadResponse
{
    public required Id<DownloadGrant> GrantId { get; init; }

    public required Id<Photo> PhotoId { get; init; }

    public required string FileName { get; init; }

    public required DigitalSize Size { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Anyone who has this URL can use it until it expires, such as a download manager or another device. Null if it has expired or is used up.</summary>
    public required string? Url { get; init; }

    public required int RemainingDownloadCount { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed record OrderDownloadsResponse
{
    public required IReadOnlyList<DownloadResponse> Data { get; init; }

    /// <summary>Give it as <c>cursor</c> to get the next page; null on the last one.</summary>
    public required string? NextCursor { get; init; }

    /// <summary>The URL of one archive with all files. Null until all are available, and if one of them has expired or is used up.</summary>
    public required string? ZipUrl { get; init; }
}

internal static class ListOrderDownloads
{
    public static void MapListOrderDownloads(this IEndpointRouteBuilder routes) => routes
        .MapGet("/orders/{orderId}/downloads", HandleAsync)
        .WithName("ListOrderDownloads")
        .WithTags("Downloads")
        .WithSummary("List the files of an order")
        .WithDescription("Returns signed URLs. The list is empty until the order is paid; the files are added within moments of the payment.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.OrdersRead, Scopes.VisitorDownload, Scopes.VisitorOneOrder);

    private static async Task<Results<Ok<OrderDownloadsResponse>, ProblemHttpResult>> HandleAsync(
        Id<Order> orderId, string? cursor, int? limit,
        HttpContext http, ProofsheetDb db, Caller caller, Cursors cursors, DownloadLinks links, CancellationToken cancellation)
    {
        if (Limits.PageSize(limit) is not { } size)
        {
            return PageProblems.BadLimit();
        }

        if (!await db.OrdersFor(caller).AnyAsync(o => o.Id == orderId, cancellation))
        {
            return Problems.NotFound("order");
        }

        var list = $"order-downloads:{orderId}";
        if (!cursors.TryRead(list, cursor, out var after))
        {
            return PageProblems.BadCursor();
        }

        http.Response.Headers.CacheControl = "private, no-store";
        var grants = await db.Set<DownloadGrant>().AsNoTracking().Where(g => g.OrderId == orderId).OrderBy(g => g.Id).ToListAsync(cancellation);
        // Files are added one by one after the payment; an archive of the first ones would look complete.
        var files = await db.Set<OrderItem>().CountAsync(i => i.OrderId == orderId && i.Type == ProductType.Digital, cancellation);
        var last = after is null ? (Id<DownloadGrant>?)null : Id<DownloadGrant>.FromStored(after);
        var page = Page<DownloadResponse>.From([.. grants.SkipWhile(g => g.Id <= last).Take(size + 1)], size,
            g => new DownloadResponse
            {
                GrantId = g.Id,
                PhotoId = g.PhotoId,
                FileName = g.FileName,
                Size = g.Size,
                Bytes = g.Bytes,
                Url = links.OfFile(g),
                RemainingDownloadCount = g.Left,
                ExpiresAt = g.ExpiresAt,
            },
            g => cursors.Write(list, g.Id.ToStored()));
        return TypedResults.Ok(new OrderDownloadsResponse
        {
            Data = page.Data,
            NextCursor = page.NextCursor,
            ZipUrl = grants.Count == files ? links.OfZip(orderId, grants) : null,
        });
    }
}

/// <summary>Signed URLs, which are valid as long as the file they open.</summary>
internal sealed class DownloadLinks(MediaSigner signer, PublicUrl publicUrl, TimeProvider clock)
{
    // The signer requires a minimum lifetime.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

    /// <summary>Null if it is about to expire.</summary>
    public string? Until(string path, DateTimeOffset ends) => ends - clock.GetUtcNow() is var lifetime && lifetime < Shortest ? null : publicUrl.Of(signer.Sign(path, lifetime));

    public string? OfFile(DownloadGrant grant) => Of($"/v1/downloads/files/{grant.Id}", [grant]);

    public string? OfZip(Id<Order> order, IReadOnlyList<DownloadGrant> grants) => Of($"/v1/downloads/orders/{order}.zip", grants);

    private string? Of(string path, IReadOnlyList<DownloadGrant> grants)
    {
        if (grants.Count == 0 || grants.Any(g => g.Left == 0))
        {
            return null;
        }

        return Until(path, grants.Min(g => g.ExpiresAt));
    }
}
