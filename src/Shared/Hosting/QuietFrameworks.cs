namespace Proofsheet.Shared.Hosting;

internal static class QuietFrameworks
{
    // Below Warning they log URLs with queries, redirects, form fields and unreadable input, any of which may contain signatures, codes and tokens.
    private static readonly string[] Families = ["Microsoft.AspNetCore", "System.Net.Http"];

    /// <summary>Limits the logs of ASP.NET Core and HttpClient to warnings and errors, whatever the settings: no log level may reveal a secret.</summary>
    public static void KeepFrameworksQuiet(this ILoggingBuilder logging) => logging.Services.PostConfigure<LoggerFilterOptions>(options =>
    {
        // Each rule is narrowed in place: an added rule would lose to a setting for a single category or provider.
        LoggerFilterRule[] asked = [new(null, null, options.MinLevel, null), .. options.Rules];
        options.Rules.Clear();
        foreach (var rule in asked)
        {
            options.Rules.Add(new(rule.ProviderName, rule.CategoryName, rule.LogLevel, (provider, category, level) =>
                (level >= LogLevel.Warning || !IsOfFamily(category)) && rule.Filter?.Invoke(provider, category, level) != false));
        }
    });

    private static bool IsOfFamily(string? category) =>
        category is not null && Families.Any(f => category.StartsWith(f, StringComparison.OrdinalIgnoreCase) && (category.Length == f.Length || category[f.Length] == '.'));
}
