namespace Proofsheet.Api.Http;

/// <summary>Settings that were renamed. A setting with its former name would be ignored, so the program refuses to start with it.</summary>
internal static class RenamedSettings
{
    /// <summary>Former name, current name.</summary>
    public static IReadOnlyDictionary<string, string> Table { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Photos:PublicUrl"] = "Api:PublicUrl",
        ["Downloads:PublicUrl"] = "Api:PublicUrl",
        ["Access:PublicUrl"] = "Api:PublicUrl",
    };

    /// <summary>One line for each former name that is set; empty if there are none.</summary>
    public static IReadOnlyList<string> Refusals(IConfiguration configuration) =>
        [.. Table.Where(s => configuration[s.Key] is not null).Select(s => $"The setting {s.Key} is called {s.Value} now.")];
}
