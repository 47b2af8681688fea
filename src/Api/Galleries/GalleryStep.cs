using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Studios.Onboarding;

namespace Proofsheet.Api.Galleries;

/// <summary>The onboarding step of creating the first gallery.</summary>
internal sealed class GalleryStep : IOnboardingStep
{
    public string Name => "gallery";

    public int Order => 5;

    public bool IsOptional => false;

    public (string Operation, string Method, string Path) Next => ("CreateGallery", "POST", "/v1/galleries");

    public Task<bool> IsDoneAsync(ProofsheetDb db, CancellationToken cancellation) => db.Set<Gallery>().AnyAsync(cancellation);
}
