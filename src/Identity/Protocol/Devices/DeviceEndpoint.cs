using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Tokens;
using Proofsheet.Identity.Protocol.Web;

namespace Proofsheet.Identity.Protocol.Devices;

/// <summary>What a device requests, and what it gets after approval.</summary>
internal sealed record DeviceData(IReadOnlyList<string> Scopes, string? Tenant, Tokens.Authorization? Authorization);

/// <summary>Codes that users type: eight letters, without vowels to avoid words and without look-alikes (RFC 8628 section 6.1). 34 bits.</summary>
internal static class UserCodes
{
    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ";
    private const int Length = 8;

    /// <summary>As displayed: XXXX-XXXX.</summary>
    public static string New()
    {
        var letters = RandomNumberGenerator.GetString(Letters, Length);
        return $"{letters[..4]}-{letters[4..]}";
    }

    /// <summary>The hash of a code as typed; null when it cannot be a code.</summary>
    public static string? HashOf(string typed)
    {
        var letters = string.Concat(typed.Where(c => c is not ('-' or ' ')).Select(char.ToUpperInvariant));
        return letters.Length == Length && letters.All(Letters.Contains) ? Handles.Hash(letters) : null;
    }
}

/// <summary>The device authorization endpoint (RFC 8628 section 3.1).</summary>
internal static class DeviceEndpoint
{
    public static void MapDeviceEndpoint(this IEndpointRouteBuilder routes) => routes.MapPost(Paths.Device, HandleAsync);

    private static async Task<IResult> HandleAsync(
        HttpContext http, ClientAuthentication authentication, IResourceStore resources, IDeviceStore devices, IOptions<ProtocolOptions> options, IOptions<AuthorityOptions> authority,
        TimeProvider clock, CancellationToken cancellation)
    {
        if ((await OAuthParameters.FromFormAsync(http.Request, cancellation)).IsRefused(out var error, out var parameters))
        {
            return error.ToResult();
        }

        if ((await authentication.AuthenticateAsync(http, parameters, cancellation)).IsRefused(out error, out var client))
        {
            return error.ToResult();
        }

        if (!client.Allows(GrantTypes.DeviceCode))
        {
            return new OAuthError("unauthorized_client", "This client may not use this grant type.").ToResult();
        }

        var scopes = KnownScopes.Split(parameters["scope"]);
        if (scopes.Count == 0 || scopes.Any(s => !resources.IsKnown(s) || !client.Scopes.Contains(s)))
        {
            return OAuthError.InvalidScope("scope is missing, or has one that this client may not ask for.").ToResult();
        }

        if (Resources.Error(parameters.Resources, authority.Value) is { } target)
        {
            return target.ToResult();
        }

        var tenant = client.Tenant ?? KnownScopes.Split(parameters["acr_values"])
            .FirstOrDefault(c => c.StartsWith(Tenants.AcrPrefix, StringComparison.Ordinal))?[Tenants.AcrPrefix.Length..];
        if (tenant is not null && !Tenants.IsSlug(tenant))
        {
            return OAuthError.InvalidRequest("acr_values names one tenant, by its slug.").ToResult();
        }

        var settings = options.Value;
        var now = clock.GetUtcNow();
        var (deviceCode, userCode) = (Handles.New(), UserCodes.New());
        while (!await devices.TryAddAsync(new DeviceGrant
        {
            Key = Handles.Hash(deviceCode),
            UserCodeHash = UserCodes.HashOf(userCode)!,
            ClientId = client.ClientId,
            Family = Handles.New(),
            Data = JsonSerializer.Serialize(new DeviceData(scopes, tenant, null)),
            Status = DeviceStatus.Pending,
            IntervalSeconds = settings.DevicePollSeconds,
            CreatedAt = now,
            ExpiresAt = now.AddMinutes(settings.DeviceMinutes),
        }, cancellation))
        {
            userCode = UserCodes.New();
        }

        return Results.Json(new
        {
            device_code = deviceCode,
            user_code = userCode,
            verification_uri = $"{authority.Value.Issuer}/device",
            verification_uri_complete = $"{authority.Value.Issuer}/device?user_code={userCode}",
            expires_in = settings.DeviceMinutes * 60,
            interval = settings.DevicePollSeconds,
        });
    }
}

/// <summary>The part for the pages, where the user types the code.</summary>
internal sealed class DeviceRequests(IDeviceStore devices, IGrantStore grants, IClientStore clients, ISecurityLog securityLog, IOptions<ProtocolOptions> options, TimeProvider clock) : IDeviceRequests
{
    public async Task<DeviceRequest?> FindAsync(string userCode, CancellationToken cancellation) =>
        await PendingAsync(userCode, cancellation) is { } grant
        && await clients.FindAsync(grant.ClientId, cancellation) is { } client
        && JsonSerializer.Deserialize<DeviceData>(grant.Data) is { } data
            ? new DeviceRequest(client.ClientId, client.Name, data.Scopes, grant.ExpiresAt)
            : null;

    public async Task<bool> ApproveAsync(string userCode, SignedIn who, CancellationToken cancellation)
    {
        if (await PendingAsync(userCode, cancellation) is not { } grant || JsonSerializer.Deserialize<DeviceData>(grant.Data) is not { } data)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        var approved = data with
        {
            Authorization = new Tokens.Authorization
            {
                ClientId = grant.ClientId,
                Subject = who.Subject,
                SessionId = who.SessionId,
                AuthenticatedAt = who.AuthenticatedAt,
                Methods = who.Methods,
                Scopes = data.Scopes,
                Tenant = data.Tenant,
                Family = grant.Family,
            },
        };
        return await grants.AtomicallyAsync(
            async () =>
            {
                if (!await devices.TryMoveAsync(grant.Key, DeviceStatus.Pending, DeviceStatus.Approved, JsonSerializer.Serialize(approved), now, cancellation))
                {
                    return false;
                }

                await grants.PutFamilyAsync(new GrantFamily
                {
                    Id = grant.Family,
                    ClientId = grant.ClientId,
                    Subject = who.Subject,
                    SessionId = who.SessionId,
                    CreatedAt = now,
                    ExpiresAt = now + options.Value.RefreshLifetime,
                }, cancellation);
                await securityLog.AddAsync("device_approved", grant.ClientId, who.Subject, cancellation, who.SessionId);
                return true;
            },
            cancellation);
    }

    public async Task<bool> DenyAsync(string userCode, CancellationToken cancellation) =>
        await PendingAsync(userCode, cancellation) is { } grant
        && await devices.TryMoveAsync(grant.Key, DeviceStatus.Pending, DeviceStatus.Denied, null, clock.GetUtcNow(), cancellation);

    private async Task<DeviceGrant?> PendingAsync(string userCode, CancellationToken cancellation) =>
        UserCodes.HashOf(userCode) is { } hash
        && await devices.FindByUserCodeAsync(hash, cancellation) is { Status: DeviceStatus.Pending } grant && grant.ExpiresAt > clock.GetUtcNow()
            ? grant
            : null;
}

/// <summary>Handles the device's polling (RFC 8628 sections 3.4 and 3.5).</summary>
internal sealed class DeviceCodeGrant(IDeviceStore devices, IGrantStore grants, TokenIssuer issuer, Holders holders, TimeProvider clock) : IExtensionGrant
{
    private static readonly OAuthError Refused = OAuthError.InvalidGrant("The device code is not valid, was used, or was given to another client.");

    public string GrantType => GrantTypes.DeviceCode;

    public async Task<Outcome<TokenAnswer>> ExchangeAsync(TokenRequest request, CancellationToken cancellation)
    {
        if (request.Parameters["device_code"] is not { } code)
        {
            return OAuthError.InvalidRequest("device_code is missing.");
        }

        if (await devices.FindAsync(Handles.Hash(code), cancellation) is not { } grant || grant.ClientId != request.Client.ClientId || grant.Status == DeviceStatus.Consumed)
        {
            return Refused;
        }

        var now = clock.GetUtcNow();
        if (grant.ExpiresAt <= now)
        {
            return new OAuthError("expired_token", "Nobody typed the code in time. Ask for another.");
        }

        if (!await devices.PollAsync(grant, now, cancellation))
        {
            return new OAuthError("slow_down", "Wait 5 seconds more between polls from now on.");
        }

        return grant.Status switch
        {
            DeviceStatus.Pending => new OAuthError("authorization_pending", "Nobody approved yet."),
            DeviceStatus.Denied => new OAuthError("access_denied", "The person said no."),
            _ => await ApprovedAsync(request, grant, now, cancellation),
        };
    }

    private async Task<Outcome<TokenAnswer>> ApprovedAsync(TokenRequest request, DeviceGrant grant, DateTimeOffset now, CancellationToken cancellation)
    {
        if (JsonSerializer.Deserialize<DeviceData>(grant.Data)?.Authorization is not { } authorization
            || await grants.FindFamilyAsync(grant.Family, cancellation) is not { RevokedAt: null } family
            || !await holders.AreLiveAsync(authorization, cancellation))
        {
            return Refused;
        }

        var signers = await issuer.SignersAsync(request.Client, cancellation);
        return await grants.AtomicallyAsync<Outcome<TokenAnswer>>(
            async () => await devices.TryMoveAsync(grant.Key, DeviceStatus.Approved, DeviceStatus.Consumed, null, now, cancellation)
                && await grants.HoldFamilyAsync(family.Id, now, cancellation)
                ? await issuer.IssueAsync(signers, request.Client, authorization, authorization.Scopes, request.Jkt, nonce: null, family.ExpiresAt, cancellation)
                : Refused,
            cancellation);
    }
}
