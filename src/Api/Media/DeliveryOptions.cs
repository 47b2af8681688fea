using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Api.Media;

/// <summary>The section <c>Delivery</c>.</summary>
internal sealed class DeliveryOptions
{
    /// <summary>Of pictures that are kept ready in memory; 0: none.</summary>
    [Range(0, 1 << 20)]
    public int MemoryMegabytes { get; init; } = 128;

    /// <summary>
    /// How long this process believes what it read of a photo and its gallery; what it changes itself holds at once, what another
    /// process changes after this time at the latest. 0: it asks at every request.
    /// </summary>
    [Range(0, 1_000)]
    public int FactsMilliseconds { get; init; } = 1_000;

    /// <summary>How many pictures may wait to be made; whoever asks for another one is sent away for a moment.</summary>
    [Range(1, 100_000)]
    public int MaxWaiting { get; init; } = 256;

    /// <summary>The header that tells a shared cache by which tags it may purge: <c>Cache-Tag</c> or <c>Surrogate-Key</c>. Empty: none is sent.</summary>
    [RegularExpression("^(Cache-Tag|Surrogate-Key)?$", ErrorMessage = "Delivery:TagHeader is Cache-Tag, Surrogate-Key or empty.")]
    public string TagHeader { get; init; } = "";
}
