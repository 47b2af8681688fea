namespace Proofsheet.Identity.Pages;

/// <summary>What the scopes mean to the user who is asked for consent.</summary>
internal static class ScopeTexts
{
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["openid"] = "Know that it is you",
        ["profile"] = "See your name",
        ["email"] = "See your e-mail address",
        ["offline_access"] = "Keep access while you are away, for up to seven days",
        ["studios:read"] = "See the studios you belong to",
        ["studios:write"] = "Make, join and leave studios",
        ["photos:upload"] = "Upload photographs",
        ["webhooks:manage"] = "Manage webhooks",
        ["insights:read"] = "See sales and visits",
        ["billing:manage"] = "Manage your plan and its payment",
        ["partner:orders"] = "Take over print orders",
        ["partner:status"] = "Report the state of print orders",
        ["platform:admin"] = "Administer the whole platform",
        ["clients:register"] = "Register applications",
    };

    private static readonly Dictionary<string, string> Nouns = new(StringComparer.Ordinal)
    {
        ["galleries"] = "galleries",
        ["photos"] = "photographs",
        ["orders"] = "orders",
        ["clients"] = "clients",
        ["products"] = "products and prices",
        ["settings"] = "the studio's settings",
    };

    public static string Of(string scope) =>
        Texts.TryGetValue(scope, out var text) ? text
        : scope.Split(':') is [var noun, var verb] && Nouns.TryGetValue(noun, out var things)
            ? verb switch { "read" => $"See {things}", "write" => $"Add, change and delete {things}", _ => scope }
            : scope;
}
