using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Api.Studios;

/// <summary>The limits of a plan. Billing is handled elsewhere.</summary>
internal sealed class Plan
{
    [Range(1, int.MaxValue)]
    public int MaxGalleries { get; init; } = 1_000;

    [Range(1, int.MaxValue)]
    public int MaxPhotosPerGallery { get; init; } = 5_000;

    [Range(1, long.MaxValue)]
    public long MaxStorageBytes { get; init; } = 500L << 30;
}

/// <summary>The three plans by name. Configuration (Plans:Tiers:solo:MaxGalleries…) may change their limits.</summary>
internal sealed class Plans
{
    public const string Default = "solo";

    public Dictionary<string, Plan> Tiers { get; init; } = new(StringComparer.Ordinal)
    {
        ["solo"] = new Plan(),
        ["studio"] = new Plan { MaxGalleries = 10_000, MaxPhotosPerGallery = 10_000, MaxStorageBytes = 2L << 40 },
        ["agency"] = new Plan { MaxGalleries = 100_000, MaxPhotosPerGallery = 20_000, MaxStorageBytes = 20L << 40 },
    };

    public Plan Of(Studio studio) => Tiers.TryGetValue(studio.Plan, out var plan) ? plan : Tiers[Default];
}
