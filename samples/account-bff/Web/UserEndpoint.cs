using Proofsheet.AccountBff.Sessions;

namespace Proofsheet.AccountBff.Web;

internal static class UserEndpoint
{
    private sealed record UserResponse(string Subject, string? Name, string? Email, string? Studio);

    public static void MapUser(this IEndpointRouteBuilder routes) => routes.MapGet("/bff/user", HandleAsync).RequireOwnScript();

    private static async Task<IResult> HandleAsync(HttpContext http, SessionStore sessions, CancellationToken cancellation)
    {
        if (sessions.Find(http.Request.SessionSecret()) is not { } session)
        {
            return NotSignedIn();
        }

        if (await session.HasEndedAsync(cancellation))
        {
            http.EndSession(sessions);
            return NotSignedIn();
        }

        return Results.Json(new UserResponse(session.Who.Subject, session.Name, session.Email, session.Studio));
    }

    public static IResult NotSignedIn() => Answers.Refusal(StatusCodes.Status401Unauthorized, "not_signed_in", "Nobody is signed in in this browser.");
}
