using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Api.Media;

/// <summary>The section <c>Delivery</c>.</summary>
internal sealed class DeliveryOptions
{
    /// <summary>How many megabytes of pictures are kept in memory; 0 keeps none.</summary>
    [Range(0, 1 << 20)]
    public int MemoryMegabytes { get; init; } = 128;

    /// <summary>
    /// How long this process trusts what it has read about a photo and its gallery. Its own changes take effect at once, changes by
    /// other processes after this time at the latest. With 0 it asks the database at every request.
    /// </summary>
    [Range(0, 1_000)]
    public int FactsMilliseconds { get; init; } = 1_000;

    /// <summary>How many pictures may wait to be rendered; further requests are answered with 503 and Retry-After.</summary>
    [Range(1, 100_000)]
    public int MaxWaiting { get; init; } = 256;

    /// <summary>The header that lists the tags a shared cache can purge by: <c>Cache-Tag</c> or <c>Surrogate-Key</c>. Empty: no header is sent.</summary>
    [RegularExpression("^(Cache-Tag|Surrogate-Key)?$", ErrorMessage = "Delivery:TagHeader is Cache-Tag, Surrogate-Key or empty.")]
    public string TagHeader { get; init; } = "";
}
