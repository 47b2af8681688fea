using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Members;

internal sealed record AcceptInvitationRequest
{
    /// <summary>The code from the email.</summary>
    [StringLength(80, MinimumLength = 1)]
    public required string Code { get; init; }

    /// <summary>
    /// The ID token of the same sign-in, with <c>email</c> and <c>email_verified</c>. Required if the authority's userinfo endpoint does not accept tokens
    /// for this API, or if the token is bound to a key; otherwise leave it out.
    /// </summary>
    [StringLength(16_384, MinimumLength = 1)]
    public string? IdToken { get; init; }
}

internal static class AcceptInvitation
{
    public static void MapAcceptInvitation(this IEndpointRouteBuilder routes) => routes
        .MapPost("/invitations/accept", HandleAsync)
        .WithName("AcceptInvitation")
        .WithTags("Members")
        .WithSummary("Accept an invitation to a studio")
        .WithDescription("For a signed-in account whose verified email address is the one that was invited. The address is taken from the ID token or requested from "
            + "the authority, for which the token needs the scopes `openid` and `email`. Afterward, sign in for the studio with `acr_values=tenant:SLUG`.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .WithoutStudio()
        .RequireScope(Scopes.StudiosWrite);

    private static async Task<Results<Ok<StudioMembershipResponse>, ProblemHttpResult>> HandleAsync(
        AcceptInvitationRequest request, HttpContext http, ProofsheetDb db, TenantContext tenant, Caller caller, AccountProfiles profiles, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var hash = Invitation.HashOf(request.Code.Trim());
        if (await db.AcrossTenants<Invitation>().SingleOrDefaultAsync(i => i.CodeHash == hash, cancellation) is not { } found || !found.IsOpenAt(now))
        {
            return Problems.NotFound("open invitation");
        }

        var (profile, problem) = await profiles.OfAsync(http, request.IdToken, cancellation);
        if (profile is null)
        {
            return problem!;
        }

        // The code alone is not enough, because it may have been forwarded or read by others.
        if (profile.VerifiedEmail is not { } verified || EmailAddress.Key(verified) != EmailAddress.Key(found.Email))
        {
            return Problems.Forbidden("email_mismatch", "The invitation was sent to a different address than the verified one of this account.");
        }

        tenant.Set(found.TenantId);
        var invitation = await db.Set<Invitation>().SingleAsync(i => i.Id == found.Id, cancellation);
        var account = caller.Account!;
        if (await db.Set<Member>().AnyAsync(m => m.AccountDigest == account.Digest, cancellation))
        {
            return Problems.Conflict("already_member", "The account is already a member of the studio.");
        }

        if (!invitation.IsOpenAt(now) || invitation.CodeHash != hash)
        {
            return Problems.NotFound("open invitation");
        }

        // Of several concurrent requests, the invitation's version lets only one succeed.
        invitation.AcceptedAt = now;
        db.Add(NewMember(account, invitation.Role, profile, now));
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return Problems.Conflict("already_member", "The account is already a member of the studio.");
        }

        var studio = await db.Set<Studio>().AsNoTracking().SingleAsync(cancellation);
        return TypedResults.Ok(new StudioMembershipResponse
        {
            Id = studio.TenantId, Name = studio.Name, Slug = studio.Slug, IsSandbox = studio.IsSandbox, Role = invitation.Role, Scopes = Scopes.OfRole(invitation.Role),
        });
    }

    public static Member NewMember(Account account, StudioRole role, AccountProfile? profile, DateTimeOffset now) => new()
    {
        Id = Id<Member>.New(now),
        AccountDigest = account.Digest,
        Issuer = account.Issuer,
        Subject = account.Subject,
        Role = role,
        Email = profile?.VerifiedEmail is { } email ? EmailAddress.Key(email) : null,
        Name = profile?.Name,
        CreatedAt = now,
    };
}
