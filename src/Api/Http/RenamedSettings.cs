namespace Proofsheet.Api.Http;

/// <summary>Settings that have another name now. One that is still given by its old name would be ignored, so the program does not start with it.</summary>
internal static class RenamedSettings
{
    /// <summary>Old name, present name.</summary>
    public static IReadOnlyDictionary<string, string> Table { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Photos:PublicUrl"] = "Api:PublicUrl",
        ["Downloads:PublicUrl"] = "Api:PublicUrl",
        ["Access:PublicUrl"] = "Api:PublicUrl",
    };

    /// <summary>A line for each that is set; empty where there is none.</summary>
    public static IReadOnlyList<string> Refusals(IConfiguration configuration) =>
        [.. Table.Where(s => configuration[s.Key] is not null).Select(s => $"The setting {s.Key} is called {s.Value} now.")];
}
