using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Proofsheet.AccountBff.Sessions;
using Proofsheet.AccountBff.Web;
using Proofsheet.Sdk;

namespace Proofsheet.AccountBff.Pages;

internal sealed class IndexModel(SessionStore sessions, IHttpClientFactory clients, IOptions<BffOptions> options) : PageModel
{
    public Session? Session { get; private set; }

    /// <summary>A sentence about what went wrong; null when nothing did.</summary>
    public string? Notice { get; private set; }

    public IReadOnlyList<StudioMembership> Studios { get; private set; } = [];

    /// <summary>The setup steps of the current studio, or those before a studio exists.</summary>
    public Onboarding? Onboarding { get; private set; }

    public IReadOnlyList<Gallery> Galleries { get; private set; } = [];

    public async Task OnGetAsync([FromQuery] string? failed, CancellationToken cancellation)
    {
        Notice = failed is null ? null : SentenceFor(failed);
        Session = sessions.Find(Request.SessionSecret());
        if (Session is null)
        {
            return;
        }

        try
        {
            if (await Session.HasEndedAsync(cancellation))
            {
                End();
                return;
            }

            using var client = new ProofsheetClient(new ProofsheetOptions { BaseAddress = options.Value.ApiUrl!, Tokens = Session.Tokens, HttpClient = clients.CreateClient(ApiEndpoint.Client) });
            await ReadAsync(client, Session, cancellation);
        }
        catch (Exception e) when (e is ProofsheetException or AuthorityException)
        {
            // The API refused the token, and the authority had no other one.
            if (e is ProofsheetException { Status: System.Net.HttpStatusCode.Unauthorized } && await Session.HasEndedAsync(cancellation))
            {
                End();
                return;
            }

            Notice = e is ProofsheetException { Status: System.Net.HttpStatusCode.Unauthorized or System.Net.HttpStatusCode.Forbidden }
                ? "Your account has no access to this studio (any more). Choose another, or ask its owner."
                : "Not everything could be read just now. Please try again in a moment.";
        }
    }

    private void End()
    {
        HttpContext.EndSession(sessions);
        Session = null;
        Notice = "Your session has ended. Please sign in again.";
    }

    private async Task ReadAsync(ProofsheetClient client, Session session, CancellationToken cancellation)
    {
        Studios = [.. (await client.Studio.ListStudiosAsync(limit: 50, cancellationToken: cancellation)).Data];
        Onboarding = await client.Studio.GetOnboardingAsync(cancellation);
        if (session.Studio is not null)
        {
            Galleries = [.. (await client.Galleries.ListAsync(limit: 12, cancellationToken: cancellation)).Data];
        }
    }

    public static string TitleOf(string step) => step switch
    {
        "studio" => "Make your studio",
        "branding" => "Choose its colors and logo",
        "sandbox_key" => "Make a key for trying things out",
        "live_key" => "Make a key for your site",
        "gallery" => "Make the first gallery",
        "photo" => "Upload the first photograph",
        "members" => "Invite someone to your studio",
        // A step that this page does not know yet.
        _ => step.Replace('_', ' '),
    };

    /// <summary>What a step is good for. Empty for one that this page does not know yet.</summary>
    public static string HintOf(string step) => step switch
    {
        "studio" => "It holds your galleries, prices and sales.",
        "branding" => "Your galleries and mails are shown in them.",
        "sandbox_key" => "Programs use it while you try them, and nobody is charged.",
        "live_key" => "Your website uses it to show your galleries.",
        "gallery" => "It holds the photographs of one session.",
        "photo" => "Your clients can then look at them and pick.",
        "members" => "They sign in with accounts of their own.",
        _ => "",
    };

    private static string SentenceFor(string error) => error switch
    {
        "access_denied" => "You said no, so nothing was shared and nobody is signed in.",
        "unknown_state" => "This sign-in was begun elsewhere, or took too long. Please start again.",
        "network_error" => "The sign-in service could not be reached. Please try again in a moment.",
        _ => "Signing in did not work. Please try again.",
    };
}
