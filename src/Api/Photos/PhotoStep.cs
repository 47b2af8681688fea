using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Studios.Onboarding;

namespace Proofsheet.Api.Photos;

/// <summary>The onboarding step of uploading the first photo.</summary>
internal sealed class PhotoStep : IOnboardingStep
{
    public string Name => "photo";

    public int Order => 6;

    public bool IsOptional => false;

    public (string Operation, string Method, string Path) Next => ("UploadPhotos", "POST", "/v1/galleries/{galleryId}/photos");

    public Task<bool> IsDoneAsync(ProofsheetDb db, CancellationToken cancellation) => db.Set<Photo>().AnyAsync(p => p.DeletedAt == null, cancellation);
}
