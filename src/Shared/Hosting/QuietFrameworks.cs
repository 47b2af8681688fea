namespace Proofsheet.Shared.Hosting;

internal static class QuietFrameworks
{
    // Below warnings they write addresses with their query, redirects, form fields and what could not be read: signatures, codes and tokens are in all of these.
    private static readonly string[] Families = ["Microsoft.AspNetCore", "System.Net.Http"];

    /// <summary>The web framework and the HTTP client log warnings and errors, whatever the settings ask for: no level of the log may give away what opens something.</summary>
    public static void KeepFrameworksQuiet(this ILoggingBuilder logging) => logging.Services.PostConfigure<LoggerFilterOptions>(options =>
    {
        // Each rule is made narrower where it stands: one of ours beside them would lose to a setting for a single category or provider.
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
