using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Proofsheet.Api.Http.Callers;

/// <summary>An endpoint requires any one of these scopes. The OpenAPI document shows them as the operation's security.</summary>
public sealed class ScopeRequirement(params string[] anyOf) : IAuthorizationRequirement
{
    public IReadOnlyList<string> AnyOf { get; } = anyOf;
}

public static class ScopeExtensions
{
    /// <summary>Admits callers that hold at least one of the scopes; answers 401 without a credential and 403 without the scope.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, params string[] anyOf)
        where TBuilder : IEndpointConventionBuilder
    {
        var requirement = new ScopeRequirement(anyOf);
        builder.RequireAuthorization(policy => policy.AddRequirements(requirement));
        builder.WithMetadata(requirement);
        return builder;
    }

    /// <summary>
    /// An operation of an account or of the platform: the studio named by a token does not matter, and no tenant is set.
    /// </summary>
    public static TBuilder WithoutStudio<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new WithoutStudio());
}

/// <summary>Marks an operation that works without a tenant.</summary>
internal sealed class WithoutStudio;

internal sealed class ScopeHandler(IHttpContextAccessor http) : AuthorizationHandler<ScopeRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        var caller = http.HttpContext?.RequestServices.GetRequiredService<Caller>();
        if (caller is not null && requirement.AnyOf.Any(caller.Has))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

/// <summary>
/// Why a credential was refused, or why it holds no scopes here: the response of an operation that requires a scope. If the caller
/// is not authenticated, it is the whole response; otherwise it replaces "missing_scope".
/// </summary>
/// <param name="Challenge">The WWW-Authenticate header; null for the default of the status.</param>
internal sealed record CredentialProblem(int Status, string Code, string Detail, string? Challenge = null)
{
    /// <summary>The key under which a request stores it.</summary>
    public static readonly object Item = new();

    public int? RetryAfterSeconds { get; init; }

    public static CredentialProblem? Of(HttpContext http) => http.Items[Item] as CredentialProblem;
}

/// <summary>Turns authorization failures into problem details.</summary>
internal sealed class AuthorizationProblems : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _default = new();

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await _default.HandleAsync(next, context, policy, authorizeResult);
            return;
        }

        var needed = policy.Requirements.OfType<ScopeRequirement>().SelectMany(r => r.AnyOf).Distinct().ToList();
        var problem = CredentialProblem.Of(context);
        if (context.User.Identity?.IsAuthenticated != true)
        {
            problem ??= new CredentialProblem(401, "missing_credential", "Send `Authorization: Bearer` with a key or token.", "Bearer");
            await AnswerAsync(context, problem with { Challenge = problem.Challenge ?? "Bearer error=\"invalid_token\"" });
            return;
        }

        if (problem is not null)
        {
            await AnswerAsync(context, problem);
            return;
        }

        // RFC 6750, 3.1.
        await AnswerAsync(context, new CredentialProblem(
            403, "missing_scope", $"This credential lacks the scope {string.Join(" or ", needed)}.", $"Bearer error=\"insufficient_scope\", scope=\"{string.Join(' ', needed)}\""));
    }

    private static Task AnswerAsync(HttpContext context, CredentialProblem problem)
    {
        if (problem is { Challenge: { } challenge, Status: 401 or 403 })
        {
            context.Response.Headers.WWWAuthenticate = challenge;
        }

        if (problem.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return Problems.Of(problem.Status, problem.Code, problem.Detail).ExecuteAsync(context);
    }
}
