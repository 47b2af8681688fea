using Proofsheet.Api.Imaging;

namespace Proofsheet.Api.Media.Serving;

/// <summary>The longest sides, in pixels, that a URL may ask for. No other sizes exist, so nobody can fill a disk with arbitrary ones.</summary>
internal static class DeliverySizes
{
    /// <summary>Made from the master on first request and then kept, for screens between the sizes that every photo is rendered in.</summary>
    public static readonly IReadOnlyList<int> OnRequest = [640, 1600];

    public static readonly IReadOnlyList<int> All = [.. RenditionSizes.All, .. OnRequest];
}
