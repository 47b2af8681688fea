using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos.Progress;

/// <summary>A change of one photo.</summary>
internal sealed record PhotoNews
{
    public required Id<Photo> PhotoId { get; init; }

    public required PhotoStatus Status { get; init; }

    public required PhotoFailureResponse? Failure { get; init; }
}

/// <summary>
/// Polls the database for clients that watch a gallery, so that it does not matter which process did the work. Each poll has a
/// separate scope, so no connection is held while waiting.
/// </summary>
internal sealed class GalleryWatchers(IServiceScopeFactory scopes, IOptions<PhotoOptions> options, TimeProvider clock)
{
    private const int MaxNews = 200;

    // Rows may become visible out of order of their times, so each poll overlaps the one before.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(5);

    public async Task WatchAsync(Id<Tenant> tenant, Id<Gallery> gallery, DateTimeOffset? since, EventWriter stream, CancellationToken cancellation)
    {
        var settings = options.Value;
        await stream.RetryAsync(TimeSpan.FromSeconds(3), cancellation);
        var last = "";
        var from = since ?? clock.GetUtcNow();
        // Changes from before the watch started are not reported, although the overlap reads them.
        var beginning = from;
        var told = new Dictionary<Id<Photo>, DateTimeOffset>();
        var (quiet, silent) = (TimeSpan.Zero, TimeSpan.Zero);
        var wait = TimeSpan.FromMilliseconds(settings.WatchMilliseconds);
        while (true)
        {
            var (progress, news) = await LookAsync(tenant, gallery, from - Overlap, cancellation);
            foreach (var photo in news.Where(n => n.At > beginning && told.GetValueOrDefault(n.News.PhotoId) != n.At))
            {
                told[photo.News.PhotoId] = photo.At;
                from = photo.At > from ? photo.At : from;
                silent = TimeSpan.Zero;
                await stream.SendAsync("photo", photo.News, photo.At, cancellation);
            }

            var text = JsonSerializer.Serialize(progress, StoredJson.Options);
            if (text != last)
            {
                last = text;
                (quiet, silent) = (TimeSpan.Zero, TimeSpan.Zero);
                await stream.SendAsync("progress", progress, from, cancellation);
            }

            if (progress.UploadingCount + progress.ProcessingCount == 0 && quiet >= TimeSpan.FromSeconds(settings.QuietSeconds))
            {
                await stream.SendAsync("end", progress, from, cancellation);
                return;
            }

            if (silent >= TimeSpan.FromSeconds(settings.HeartbeatSeconds))
            {
                silent = TimeSpan.Zero;
                await stream.BeatAsync(cancellation);
            }

            Forget(told, from - (Overlap * 2));
            await Task.Delay(wait, cancellation);
            (quiet, silent) = (quiet + wait, silent + wait);
        }
    }

    private async Task<(GalleryProgressResponse Progress, List<(PhotoNews News, DateTimeOffset At)> News)> LookAsync(
        Id<Tenant> tenant, Id<Gallery> gallery, DateTimeOffset from, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(tenant);
        var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();
        var rows = await db.Set<Photo>().AsNoTracking()
            .Where(p => p.GalleryId == gallery && p.DeletedAt == null && p.StatusChangedAt >= from)
            .OrderBy(p => p.StatusChangedAt).ThenBy(p => p.Id).Take(MaxNews)
            .Select(p => new { p.Id, p.Status, p.FailureCode, p.FailureDetail, p.StatusChangedAt })
            .ToListAsync(cancellation);
        var progress = await GetGalleryProgress.ReadAsync(db, gallery, cancellation);
        return (progress, [.. rows.Select(r => (
            new PhotoNews
            {
                PhotoId = r.Id,
                Status = r.Status,
                Failure = r.Status == PhotoStatus.Failed ? new() { Code = r.FailureCode!, Detail = r.FailureDetail! } : null,
            },
            r.StatusChangedAt))]);
    }

    private static void Forget(Dictionary<Id<Photo>, DateTimeOffset> told, DateTimeOffset before)
    {
        foreach (var (photo, at) in told)
        {
            if (at < before)
            {
                told.Remove(photo);
            }
        }
    }
}
