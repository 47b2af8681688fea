using Proofsheet.Api.Auth.Revocation;
using Proofsheet.Api.Auth.Staff;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Auth.AccessTokens;

/// <summary>What an account is in a studio.</summary>
internal sealed record MemberOf(Id<Tenant> Studio, StudioRole Role, bool IsSandbox);

/// <summary>Looks up memberships; the module that owns them answers, at most a minute late.</summary>
internal interface IMemberships
{
    /// <param name="studio">A slug or an id. One that does not exist and one the account does not belong to are the same: null.</param>
    ValueTask<MemberOf?> FindAsync(Account account, string studio, CancellationToken cancellation);
}

/// <summary>An OAuth client that a studio registered.</summary>
/// <param name="Scopes">What it may do in its own name.</param>
internal sealed record RegisteredClient(Id<Tenant> Studio, IReadOnlySet<string> Scopes, bool IsSandbox);

/// <summary>Looks up the clients that studios registered; the module that owns them answers, at most a minute late.</summary>
internal interface IRegisteredClients
{
    ValueTask<RegisteredClient?> FindAsync(Account account, CancellationToken cancellation);
}

/// <summary>
/// What a verified token may do here. It says who someone is; what they may do is looked up: the studio is one they belong
/// to, and their scopes are the token's as far as their role holds them.
/// </summary>
internal sealed class TokenAuthorizer(
    Caller caller, TenantContext tenant, DenyList denied, IMemberships memberships, IRegisteredClients clients, StaffDirectory staff, ProofsheetDb db)
{
    // One answer whether the studio is another's, or there is none: a token finds out nothing about studios.
    private static readonly CredentialProblem UnknownStudio =
        new CredentialProblem(404, "unknown_studio", "The studio that the token names does not exist, or its account does not belong to it.");

    private static readonly CredentialProblem StudioNeeded =
        new CredentialProblem(403, "studio_needed", "This token names no studio. Sign in for one: `acr_values=tenant:SLUG`.");

    // RFC 9470, 3.
    private static readonly CredentialProblem SecondFactorNeeded = new CredentialProblem(
        403, "second_factor_needed", "Running the platform needs a sign-in with a second factor, at most 15 minutes old.",
        $"Bearer error=\"insufficient_user_authentication\", error_description=\"A fresh second factor is needed\", acr_values=\"mfa\", max_age=\"{(int)StaffDirectory.Fresh.TotalSeconds}\"");

    /// <summary>False where the token was taken back. Otherwise the caller is known, perhaps with a problem instead of scopes.</summary>
    public async ValueTask<bool> AdmitAsync(HttpContext http, VerifiedToken token)
    {
        if (denied.Denies(token))
        {
            return false;
        }

        var client = await clients.FindAsync(token.Account, http.RequestAborted);
        await (token.IsService ? AdmitServiceAsync(http, token, client) : AdmitUserAsync(http, token, client));
        return true;
    }

    private ValueTask AdmitServiceAsync(HttpContext http, VerifiedToken token, RegisteredClient? client)
    {
        if (client is null)
        {
            http.Items[CredentialProblem.Item] = UnknownStudio;
            caller.Identify(CallerType.Service, token.Name, token.Account, null, new HashSet<string>(), isSandbox: false);
            return ValueTask.CompletedTask;
        }

        tenant.Set(client.Studio);
        caller.Identify(CallerType.Service, token.Name, token.Account, null, token.ScopesAs(client), client.IsSandbox);
        return ValueTask.CompletedTask;
    }

    private async ValueTask AdmitUserAsync(HttpContext http, VerifiedToken token, RegisteredClient? client)
    {
        var endpoint = http.GetEndpoint()?.Metadata;
        var isStaff = client is null && token.Scopes.Contains(Scopes.PlatformAdmin) && await staff.HasAsync(token.Account, db, http.RequestAborted);
        var asStaff = isStaff && staff.IsFresh(token);
        CredentialProblem? problem = null;
        MemberOf? member = null;
        if (endpoint?.GetMetadata<WithoutStudio>() is null)
        {
            if (token.Studio is null)
            {
                problem = StudioNeeded;
            }
            else
            {
                member = await memberships.FindAsync(token.Account, token.Studio, http.RequestAborted);
                // A studio's own client never works in another studio, whoever is signed in to it.
                if (member is null || (client is not null && client.Studio != member.Studio))
                {
                    (member, problem) = (null, UnknownStudio);
                }
                else
                {
                    tenant.Set(member.Studio);
                }
            }
        }

        if (isStaff && !asStaff && endpoint?.GetMetadata<ScopeRequirement>()?.AnyOf.Contains(Scopes.PlatformAdmin) == true)
        {
            problem = SecondFactorNeeded;
        }

        if (problem is not null)
        {
            http.Items[CredentialProblem.Item] = problem;
        }

        var standing = asStaff ? Standing.Staff : client is not null ? Standing.RegisteredClient : Standing.Account;
        caller.Identify(CallerType.User, token.Name, token.Account, member?.Role, token.ScopesAs(member?.Role, standing), member?.IsSandbox ?? false);
    }
}
