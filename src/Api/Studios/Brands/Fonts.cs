namespace Proofsheet.Api.Studios.Brands;

/// <summary>
/// Font families that a storefront can show without loading them from a third party: those that operating systems include, each
/// defined in the storefront as a stack that ends in a generic family.
/// </summary>
internal static class Fonts
{
    public const string DefaultHeading = "Georgia";
    public const string DefaultBody = "System UI";

    public static IReadOnlyList<string> All { get; } =
    [
        "System UI", "System Serif", "System Mono", "Arial", "Avenir", "Baskerville", "Bodoni", "Charter", "Didot", "Futura", "Garamond", "Georgia",
        "Gill Sans", "Helvetica", "Iowan", "Optima", "Palatino", "Segoe UI", "Times", "Trebuchet", "Verdana",
    ];

    public static bool IsKnown(string family) => All.Contains(family, StringComparer.Ordinal);
}
