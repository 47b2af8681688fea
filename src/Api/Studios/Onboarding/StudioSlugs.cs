namespace Proofsheet.Api.Studios.Onboarding;

/// <summary>Studio slugs: how they are spelled, which are reserved, and which are available.</summary>
internal static partial class StudioSlugs
{
    public const string Pattern = "^[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$";

    // Names that a platform needs as its own subdomains.
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "account", "accounts", "admin", "api", "app", "auth", "billing", "blog", "cdn", "connect", "dashboard", "docs", "help", "identity", "login", "mail", "media",
        "oauth", "platform", "proofsheet", "reference", "security", "settings", "status", "studio", "studios", "support", "test", "www",
    };

    public static bool IsReserved(string slug) => Reserved.Contains(slug);

    [System.Text.RegularExpressions.GeneratedRegex(Pattern)]
    public static partial System.Text.RegularExpressions.Regex Spelling();
}
