using Proofsheet.Api.Imaging;

namespace Proofsheet.Api.Media.Serving;

/// <summary>The longest sides, in pixels, that an address may name. There are no others, so nobody fills a disk with sizes of its own.</summary>
internal static class DeliverySizes
{
    /// <summary>Made from the master when first asked for, and kept: for screens between the sizes that every photo is made in.</summary>
    public static readonly IReadOnlyList<int> OnRequest = [640, 1600];

    public static readonly IReadOnlyList<int> All = [.. RenditionSizes.All, .. OnRequest];
}
