using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Api.OAuthClients;

/// <summary>Keeps our row and the authority's registration consistent, whichever of the two steps fails.</summary>
internal sealed class RegisteredClients(ProofsheetDb db, ClientRegistry registry, ClientDirectory directory, Keyring keys, ILogger<RegisteredClients> log)
{
    private const string Purpose = "oauth-client-registration";

    public byte[] Seal(string registrationToken) => keys.Seal(Purpose, Encoding.UTF8.GetBytes(registrationToken));

    /// <summary>The RFC 7591 metadata that corresponds to our row. The tenant binds every token of the client to its studio.</summary>
    public async Task<JsonObject> MetadataAsync(OAuthClient client, IEnumerable<string> origins, CancellationToken cancellation)
    {
        var slug = await db.Set<Studio>().Select(s => s.Slug).SingleAsync(cancellation);
        var metadata = new JsonObject
        {
            ["client_name"] = client.Name,
            ["application_type"] = client.Type == OAuthClientType.Native ? "native" : "web",
            ["token_endpoint_auth_method"] = client.AuthMethod,
            ["grant_types"] = Texts(client.Type switch
            {
                OAuthClientType.Service => ["client_credentials"],
                OAuthClientType.Native => ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
                _ => ["authorization_code", "refresh_token"],
            }),
            ["response_types"] = Texts(client.Type == OAuthClientType.Service ? [] : ["code"]),
            ["redirect_uris"] = Texts(client.RedirectUris),
            ["post_logout_redirect_uris"] = Texts(client.PostLogoutRedirectUris),
            ["scope"] = string.Join(' ', client.Scopes),
            ["tenant"] = slug,
            ["proofsheet_allowed_origins"] = Texts(origins),
        };
        if (client.Keys.Count > 0)
        {
            metadata["jwks"] = new JsonObject { ["keys"] = JsonSerializer.SerializeToNode(client.Keys, ClientRules.Without) };
        }

        return metadata;
    }

    /// <summary>Changes the registration, then saves the row. If saving fails, the registration gets its former metadata back.</summary>
    /// <param name="before">The current metadata of the registration.</param>
    public async Task<string?> ChangeAsync(OAuthClient client, JsonObject before, JsonObject after, CancellationToken cancellation)
    {
        after["client_id"] = client.ClientId;
        before["client_id"] = client.ClientId;
        var token = Open(client);
        var (secret, newToken, newUri) = await registry.ChangeAsync(client.RegistrationUri, token, after, cancellation);
        if (newToken is not null && newToken != token)
        {
            client.RegistrationToken = Seal(newToken);
        }

        client.RegistrationUri = newUri ?? client.RegistrationUri;
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            await RestoreAsync(client, newToken ?? token, before);
            throw;
        }

        directory.Forget(client.ClientDigest);
        return secret;
    }

    public async Task RemoveAsync(OAuthClient client, CancellationToken cancellation)
    {
        // At the authority first: if deleting the row then fails, a repeated request finds the registration gone and deletes the row.
        await registry.RemoveAsync(client.RegistrationUri, Open(client), cancellation);
        db.Remove(client);
        await db.SaveChangesAsync(CancellationToken.None);
        directory.Forget(client.ClientDigest);
    }

    /// <summary>Deletes a registration that has no row. If that fails too, the first failure is the one to report.</summary>
    public async Task TakeBackAsync(Registration registration)
    {
        try
        {
            await registry.RemoveAsync(registration.RegistrationUri, registration.RegistrationToken, CancellationToken.None);
        }
        catch (RegistrationException e)
        {
            log.LogError(e, "The client {ClientId} stays registered without being used here. Remove it at the authority.", registration.ClientId);
        }
    }

    public ProblemHttpResult Refused(RegistrationException e)
    {
        if (e.Refusal is { } why)
        {
            return Problems.Rule("registration_refused", $"The authority does not accept it: {why}");
        }

        log.LogWarning(e, "A client could not be registered, changed or removed.");
        return registry.Authority is null
            ? Problems.Of(503, "registration_unavailable", "This installation registers no clients.")
            : Problems.Of(503, "authority_unavailable", "The authority cannot be reached, or does not let this API register clients. Nothing was changed; send it again later.");
    }

    private async Task RestoreAsync(OAuthClient client, string token, JsonObject before)
    {
        try
        {
            var (_, newer, _) = await registry.ChangeAsync(client.RegistrationUri, token, before, CancellationToken.None);
            // A concurrent change of the row did not change its token: the last token issued is the valid one.
            var last = Seal(newer ?? token);
            await db.Set<OAuthClient>().Where(c => c.Id == client.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.RegistrationToken, last), CancellationToken.None);
        }
        catch (Exception e)
        {
            log.LogError(e, "The registration of {ClientId} differs from what is kept here. Change the client again to mend it.", client.ClientId);
        }
    }

    private string Open(OAuthClient client) => Encoding.UTF8.GetString(
        keys.Open(Purpose, client.RegistrationToken) ?? throw new RegistrationException("The registration was kept under a master key that is gone."));

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)t)];
}
