namespace Proofsheet.Identity.Sessions;

/// <summary>A description by which users recognize a session: "Firefox on Windows". Guessed from the User-Agent, for display only.</summary>
internal static class Device
{
    // The order matters: most browsers also claim to be those further down.
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    public static string Of(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString();
        var browser = Find(Browsers) ?? "A browser";
        return Find(Systems) is { } system ? $"{browser} on {system}" : browser;

        string? Find((string Mark, string Name)[] known) =>
            known.Where(k => agent.Contains(k.Mark, StringComparison.Ordinal)).Select(k => k.Name).FirstOrDefault();
    }
}
