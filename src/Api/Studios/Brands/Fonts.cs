namespace Proofsheet.Api.Studios.Brands;

/// <summary>
/// Font families a storefront can show without asking a third party: those that systems bring along, each a stack in the
/// storefront that ends in a generic family.
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
