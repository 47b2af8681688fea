using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads;

/// <summary>How much room a gallery and its studio have left.</summary>
internal sealed class PlanRoom(Plan plan, int photosLeft, long bytesLeft)
{
    private int _photosLeft = photosLeft;
    private long _bytesLeft = bytesLeft;

    public IngestError? Refuse(long bytes) => _photosLeft <= 0
        ? new IngestError(422, "plan_photo_limit", $"A gallery holds at most {plan.MaxPhotosPerGallery} photos in this plan.")
        : bytes > _bytesLeft ? new IngestError(422, "plan_storage_limit", "The studio's storage is used up. Delete what is not needed with `DeletePhoto`, or ask the operator for a larger plan.") : null;

    /// <summary>Deducts one more file.</summary>
    public void Take(long bytes) => (_photosLeft, _bytesLeft) = (_photosLeft - 1, _bytesLeft - bytes);

    /// <summary>Deducts the bytes of uploads that are already under way.</summary>
    public void Reserve(long bytes) => _bytesLeft -= bytes;
}

/// <summary>The limits of the plan and of one file. The stored bytes are summed once per request and cached.</summary>
internal sealed class PlanLimits(ProofsheetDb db, IOptions<Plans> plans, IOptions<PhotoOptions> options)
{
    private Plan? _plan;
    private long? _storedBytes;

    /// <summary>The photo count is exact while the gallery is locked. The bytes are as of the start of the request, plus what the request added.</summary>
    public async Task<PlanRoom> RoomAsync(Id<Gallery> gallery, CancellationToken cancellation)
    {
        _plan ??= plans.Value.Of(await db.Set<Studio>().AsNoTracking().SingleAsync(cancellation));
        _storedBytes ??= await db.Set<Photo>().Where(p => p.PurgedAt == null).SumAsync(p => p.CurrentVersion.Bytes, cancellation);
        var photos = await db.Set<Photo>().CountAsync(p => p.GalleryId == gallery && p.LiveSha256 != null, cancellation);
        return new PlanRoom(_plan, _plan.MaxPhotosPerGallery - photos, _plan.MaxStorageBytes - _storedBytes.Value);
    }

    /// <summary>Adds a photo that this request accepted.</summary>
    public void Count(long bytes) => _storedBytes += bytes;

    public IngestError TooLarge() => new(413, "file_too_large", FormattableString.Invariant($"This file is larger than {options.Value.MaxFileBytes / 1_048_576.0:0.#} MB."));

    public IngestError? RefuseFile(long bytes) => bytes > options.Value.MaxFileBytes ? TooLarge()
        : bytes == 0 ? new IngestError(422, "not_an_image", "This file is empty.") : null;
}
