namespace Proofsheet.Api.Tests.Clients;

/// <summary>A request to register a client, as an outsider would write it.</summary>
internal sealed record ClientRequest(string Name, string Type, string[] RedirectUris, string[] Origins, string[] Scopes);

internal static class ClientRequests
{
    public static ClientRequest Browser() => new("Shop", "browser", ["https://shop.example/callback"], ["https://shop.example"], ["openid", "galleries:read"]);

    public static ClientRequest Web() => new("Server", "web", ["https://server.example/callback"], [], ["openid", "galleries:read"]);

    public static ClientRequest Service(params string[] scopes) => new("Job", "service", [], [], scopes);
}
