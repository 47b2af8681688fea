using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Proofsheet.Api.Kernel;

/// <summary>An endpoint's demand: any one of these scopes. The OpenAPI document shows it as the operation's security.</summary>
public sealed class ScopeRequirement(params string[] anyOf) : IAuthorizationRequirement
{
    public IReadOnlyList<string> AnyOf { get; } = anyOf;
}

public static class ScopeExtensions
{
    /// <summary>Lets in callers that hold at least one of the scopes; answers 401 without a credential and 403 without the scope.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, params string[] anyOf)
        where TBuilder : IEndpointConventionBuilder
    {
        var requirement = new ScopeRequirement(anyOf);
        builder.RequireAuthorization(policy => policy.AddRequirements(requirement));
        builder.WithMetadata(requirement);
        return builder;
    }
}

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

/// <summary>Refusals of authorization as problem details.</summary>
internal sealed class AuthorizationProblems : IAuthorizationMiddlewareResultHandler
{
    public const string FailureItem = "proofsheet.credential-failure";
    private readonly AuthorizationMiddlewareResultHandler _default = new();

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await _default.HandleAsync(next, context, policy, authorizeResult);
            return;
        }

        if (context.User.Identity?.IsAuthenticated != true)
        {
            var (code, detail) = context.Items[FailureItem] as (string, string)? ?? ("missing_credential", "Send Authorization: Bearer with a key or token.");
            context.Response.Headers.WWWAuthenticate = code == "missing_credential" ? "Bearer" : "Bearer error=\"invalid_token\"";
            await Problems.Unauthorized(code, detail).ExecuteAsync(context);
            return;
        }

        if (context.Items[FailureItem] is (string refused, string why))
        {
            await Problems.Forbidden(refused, why).ExecuteAsync(context);
            return;
        }

        var needed = policy.Requirements.OfType<ScopeRequirement>().SelectMany(r => r.AnyOf).Distinct();
        await Problems.Forbidden("missing_scope", $"This credential lacks the scope {string.Join(" or ", needed)}.").ExecuteAsync(context);
    }
}
