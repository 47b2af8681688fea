using Proofsheet.Api.Auth.Revocation;
using Proofsheet.Api.Auth.Staff;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Auth.AccessTokens;

/// <summary>An account's membership of a studio.</summary>
internal sealed record MemberOf(Id<Tenant> Studio, StudioRole Role, bool IsSandbox);

/// <summary>Looks up memberships. Implemented by the module that owns them, with a delay of at most a minute.</summary>
internal interface IMemberships
{
    /// <param name="studio">A slug or an id. The result is null both if it does not exist and if the account does not belong to it.</param>
    ValueTask<MemberOf?> FindAsync(Account account, string studio, CancellationToken cancellation);
}

/// <summary>An OAuth client that a studio registered.</summary>
/// <param name="Scopes">What it may do on its own behalf.</param>
internal sealed record RegisteredClient(Id<Tenant> Studio, IReadOnlySet<string> Scopes, bool IsSandbox);

/// <summary>Looks up the clients that studios registered. Implemented by the module that owns them, with a delay of at most a minute.</summary>
internal interface IRegisteredClients
{
    ValueTask<RegisteredClient?> FindAsync(Account account, CancellationToken cancellation);
}

/// <summary>
/// What a verified token may do here. The token says who the account is; what it may do is looked up: the account must belong to the studio,
/// and a scope of the token counts only if the account's role holds it.
/// </summary>
internal sealed class TokenAuthorizer(
    Caller caller, TenantContext tenant, DenyList denied, IMemberships memberships, IRegisteredClients clients, StaffDirectory staff, ProofsheetDb db)
{
    // The same response whether the studio exists or not, so that a token reveals nothing about studios.
    private static readonly CredentialProblem UnknownStudio =
        new CredentialProblem(404, "unknown_studio", "The studio that the token names does not exist, or its account does not belong to it.");

    private static readonly CredentialProblem StudioNeeded =
        new CredentialProblem(403, "studio_needed", "This token names no studio. Sign in for one: `acr_values=tenant:SLUG`.");

    // RFC 9470, 3.
    private static readonly CredentialProblem SecondFactorNeeded = new CredentialProblem(
        403, "second_factor_needed", "Running the platform needs a sign-in with a second factor, at most 15 minutes old.",
        $"Bearer error=\"insufficient_user_authentication\", error_description=\"A fresh second factor is needed\", acr_values=\"mfa\", max_age=\"{(int)StaffDirectory.Fresh.TotalSeconds}\"");

    /// <summary>False if the token was revoked. Otherwise the caller is known, perhaps with a problem in place of scopes.</summary>
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
                // A studio's own client never works in another studio, no matter who is signed in to it.
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
