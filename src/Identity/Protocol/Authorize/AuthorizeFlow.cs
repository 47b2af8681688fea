using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Tokens;
using Proofsheet.Identity.Protocol.Web;

namespace Proofsheet.Identity.Protocol.Authorize;

/// <summary>Decides what a valid request still needs from the user, and issues the code when nothing is missing.</summary>
internal sealed class AuthorizeFlow(
    IUserSessions sessions, IClientStore clients, IConsentStore consents, IGrantStore grants, Interactions interactions,
    IOptions<AuthorityOptions> authority, IOptions<ProtocolOptions> options, TimeProvider clock)
{
    private enum Step
    {
        SignIn,
        Consent,
        Complete,
    }

    /// <param name="pushedKey">The pushed request that it came from, or null.</param>
    public async Task<IResult> StartAsync(HttpContext http, Client client, AuthorizeRequest request, string? pushedKey, CancellationToken cancellation)
    {
        var session = await sessions.CurrentAsync(http, cancellation);
        var (step, scopes) = await NextAsync(client, request, clock.GetUtcNow(), session, consent: null, cancellation);
        if (step == Step.Complete)
        {
            return await CompleteAsync(request, session!, scopes, interactionKey: null, pushedKey, cancellation);
        }

        if (request.AsksFor("none"))
        {
            return Refuse(request, step == Step.SignIn
                ? new OAuthError("login_required", "The user would have to sign in.")
                : new OAuthError("consent_required", "The user would have to consent."));
        }

        return ToPage(step, await interactions.BeginAsync(http, request, pushedKey, cancellation));
    }

    public async Task<IResult> ResumeAsync(HttpContext http, string id, CancellationToken cancellation)
    {
        if (await interactions.ReadAsync(id, http, cancellation) is not { } data || await clients.FindAsync(data.Request.ClientId, cancellation) is not { } client)
        {
            return BrowserAnswers.Gone();
        }

        var key = Handles.Hash(id);
        if (data.IsDenied)
        {
            return await grants.AtomicallyAsync(() => UseUpAsync(key, data.PushedKey, cancellation), cancellation)
                ? Refuse(data.Request, new OAuthError("access_denied", "The person said no."))
                : BrowserAnswers.Gone();
        }

        var session = await sessions.CurrentAsync(http, cancellation);
        var (step, scopes) = await NextAsync(client, data.Request, data.StartedAt, session, data.Consent, cancellation);
        return step == Step.Complete
            ? await CompleteAsync(data.Request, session!, scopes, key, data.PushedKey, cancellation)
            : ToPage(step, id);
    }

    public IResult Refuse(string redirectUri, string responseMode, string? state, OAuthError error) => BrowserAnswers.ToClient(redirectUri, responseMode,
    [
        new("error", error.Code),
        new("error_description", error.Description),
        new("state", state),
        new("iss", authority.Value.Issuer),
    ]);

    private IResult Refuse(AuthorizeRequest request, OAuthError error) => Refuse(request.RedirectUri, request.ResponseMode, request.State, error);

    private static IResult ToPage(Step step, string id) => Results.Redirect($"/{(step == Step.SignIn ? "sign-in" : "consent")}?interaction={id}");

    /// <summary>Re-evaluates everything on each visit from server-side state: nothing in the URL can claim that a step is done.</summary>
    private async Task<(Step Step, IReadOnlyList<string> Scopes)> NextAsync(
        Client client, AuthorizeRequest request, DateTimeOffset startedAt, SignedIn? session, InteractionData.GivenConsent? consent, CancellationToken cancellation)
    {
        if (session is null
            || session.AuthenticatedAt < Interactions.SignInAfter(request, startedAt)
            || (request.NeedsSecondFactor && !session.Methods.Contains("mfa"))
            || (request.HintedSubject is { } hinted && hinted != session.Subject))
        {
            return (Step.SignIn, []);
        }

        // Consent only counts for the user who gave it: another one may have signed in since.
        if (consent is not null && consent.Subject == session.Subject)
        {
            return (Step.Complete, consent.Scopes);
        }

        if (request.AsksFor("consent"))
        {
            return (Step.Consent, []);
        }

        // Any program on the machine can take a loopback port or a scheme and pose as this client, even a first-party one: always ask (RFC 8252 section 8.6).
        if (client.IsPublic && (client.ApplicationType == ApplicationTypes.Native || !client.IsFirstParty) && !request.RedirectUri.StartsWith("https:", StringComparison.Ordinal))
        {
            return (Step.Consent, []);
        }

        if (client.IsFirstParty)
        {
            return (Step.Complete, request.Scopes);
        }

        var remembered = await consents.ScopesAsync(session.Subject, client.ClientId, cancellation);
        return request.Scopes.Except(remembered, StringComparer.Ordinal).Any() ? (Step.Consent, []) : (Step.Complete, request.Scopes);
    }

    private async Task<IResult> CompleteAsync(
        AuthorizeRequest request, SignedIn session, IReadOnlyList<string> scopes, string? interactionKey, string? pushedKey, CancellationToken cancellation)
    {
        var code = Handles.New();
        var given = await grants.AtomicallyAsync(
            async () =>
            {
                if (!await UseUpAsync(interactionKey, pushedKey, cancellation))
                {
                    return false;
                }

                await PutCodeAsync(code, request, session, scopes, cancellation);
                return true;
            },
            cancellation);
        return given
            ? BrowserAnswers.ToClient(request.RedirectUri, request.ResponseMode, [new("code", code), new("state", request.State), new("iss", authority.Value.Issuer)])
            : BrowserAnswers.Gone();
    }

    private async Task<bool> UseUpAsync(string? interactionKey, string? pushedKey, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return (interactionKey is null || await grants.TryConsumeAsync(GrantKind.Interaction, interactionKey, now, cancellation))
            && (pushedKey is null || await grants.TryConsumeAsync(GrantKind.PushedRequest, pushedKey, now, cancellation));
    }

    private async Task PutCodeAsync(string code, AuthorizeRequest request, SignedIn session, IReadOnlyList<string> scopes, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var family = new GrantFamily
        {
            Id = Handles.New(),
            ClientId = request.ClientId,
            Subject = session.Subject,
            SessionId = session.SessionId,
            CreatedAt = now,
            ExpiresAt = now + options.Value.RefreshLifetime,
        };
        await grants.PutFamilyAsync(family, cancellation);
        await grants.PutAsync(new Grant
        {
            Key = Handles.Hash(code),
            Kind = GrantKind.Code,
            ClientId = request.ClientId,
            Family = family.Id,
            Data = JsonSerializer.Serialize(new CodeData
            {
                Authorization = new Tokens.Authorization
                {
                    ClientId = request.ClientId,
                    Subject = session.Subject,
                    SessionId = session.SessionId,
                    AuthenticatedAt = session.AuthenticatedAt,
                    Methods = session.Methods,
                    Scopes = scopes,
                    Tenant = request.Tenant,
                    Family = family.Id,
                },
                RedirectUri = request.RedirectUri,
                CodeChallenge = request.CodeChallenge,
                Nonce = request.Nonce,
                DpopJkt = request.DpopJkt,
            }),
            CreatedAt = now,
            ExpiresAt = now.AddSeconds(options.Value.CodeSeconds),
        }, cancellation);
    }
}
