using Proofsheet.Identity.Tests.Support;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

/// <summary>An authority whose users can sign in with Google, Facebook and Apple, each of them our own provider.</summary>
public sealed class SocialStage : IAsyncLifetime
{
    private readonly SigningKey _appleKey = SigningKey.Create("ES256", "applekey");

    public IdentityHost Identity { get; private set; } = null!;

    internal SocialProviderForTests Provider { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Provider = await SocialProviderForTests.StartAsync(_appleKey);
        var settings = new Dictionary<string, string?>
        {
            ["Social:Providers:2:AppleTeamId"] = "TEAM",
            ["Social:Providers:2:AppleKeyId"] = "applekey",
            ["Social:Providers:2:ApplePrivateKey"] = Convert.ToBase64String(_appleKey.ExportPkcs8()),
        };
        foreach (var (kind, index) in new[] { ("Google", 0), ("Facebook", 1), ("Apple", 2) })
        {
            settings[$"Social:Providers:{index}:Scheme"] = kind.ToLowerInvariant();
            settings[$"Social:Providers:{index}:Kind"] = kind;
            settings[$"Social:Providers:{index}:ClientId"] = kind == "Apple" ? SocialProviderForTests.AppleClient : "proofsheet";
            settings[$"Social:Providers:{index}:ClientSecret"] = kind == "Apple" ? "" : SocialProviderForTests.Secret;
            settings[$"Social:Providers:{index}:AuthorizationEndpoint"] = $"{Provider.Address}/authorize";
            settings[$"Social:Providers:{index}:TokenEndpoint"] = $"{Provider.Address}/token";
            if (kind != "Apple")
            {
                settings[$"Social:Providers:{index}:UserInfoEndpoint"] = $"{Provider.Address}/userinfo";
            }
        }

        Identity = await IdentityHost.StartAsync(settings);
    }

    public async ValueTask DisposeAsync()
    {
        await Identity.DisposeAsync();
        await Provider.DisposeAsync();
        _appleKey.Dispose();
    }
}
