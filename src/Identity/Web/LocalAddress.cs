namespace Proofsheet.Identity.Web;

/// <summary>Where a sign-in without a client may return to: only the pages of this authority that are listed here.</summary>
internal static class LocalAddress
{
    private static readonly string[] Roots = ["/account", "/device"];

    public static string? Safe(string? to) =>
        to is { Length: < 500 } && to.All(c => c is > ' ' and < '\x7f' and not '\\') && !to.Contains("//", StringComparison.Ordinal) && !to.Contains("..", StringComparison.Ordinal)
        && Roots.Any(root => to.StartsWith(root, StringComparison.Ordinal) && (to.Length == root.Length || to[root.Length] is '/' or '?'))
            ? to
            : null;
}
