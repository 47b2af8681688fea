using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Proofsheet.Identity.Pages.Branding;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Users.Passwords;
using Proofsheet.Identity.Web;

namespace Proofsheet.Identity.Pages;

/// <summary>What the pages share: who is signed in, the interaction they are part of, its studio's look, and how they refuse.</summary>
internal abstract class AuthorityPage : PageModel
{
    /// <summary>Names an interaction that is kept on the server; nothing else of it comes from the address.</summary>
    [FromQuery(Name = "interaction")]
    public string? InteractionId { get; set; }

    public Interaction? Interaction { get; private set; }

    public SignedIn? Who { get; private set; }

    protected CancellationToken Cancellation => HttpContext.RequestAborted;

    /// <summary>The page works only as a part of an interaction.</summary>
    protected virtual bool NeedsInteraction => false;

    /// <summary>Where the page cannot be had: another answer.</summary>
    protected virtual Task<IActionResult?> BeforeAsync() => Task.FromResult<IActionResult?>(null);

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var services = HttpContext.RequestServices;
        Who = await services.GetRequiredService<IUserSessions>().CurrentAsync(HttpContext, Cancellation);
        if (InteractionId is not null || NeedsInteraction)
        {
            Interaction = InteractionId is null
                ? null
                : await services.GetRequiredService<IInteractions>().FindAsync(InteractionId, HttpContext, Cancellation);
            if (Interaction is null)
            {
                context.Result = SeeOther("/error?reason=gone");
                return;
            }

            if (Interaction.Tenant is { } tenant && await services.GetRequiredService<StudioBrands>().FindAsync(tenant, Cancellation) is { } brand)
            {
                HttpContext.Items[typeof(StudioBrand)] = brand;
            }
        }

        if (await BeforeAsync() is { } refusal)
        {
            context.Result = refusal;
            return;
        }

        var executed = await next();
        if (executed.Exception is TooBusyException)
        {
            executed.ExceptionHandled = true;
            executed.Result = Refuse(StatusCodes.Status503ServiceUnavailable, TimeSpan.FromSeconds(5), "Many people are signing in at this moment. Wait a few seconds and try again.");
        }
    }

    /// <summary>Says what is wrong above the form; with a field's name, beside it as well.</summary>
    protected void Wrong(string what, string field = "") => ModelState.AddModelError(field, what);

    /// <summary>Adds what is wrong with a new password.</summary>
    private protected async Task CheckPasswordAsync(string? password, BreachService breaches, params string?[] personal)
    {
        foreach (var error in PasswordRules.Errors(password ?? "", personal))
        {
            Wrong(error, "Password");
        }

        if (ModelState.GetFieldValidationState("Password") != Microsoft.AspNetCore.Mvc.ModelBinding.ModelValidationState.Invalid && await breaches.KnowsAsync(password!, Cancellation))
        {
            Wrong("This password was in a leak of another service. Choose another.", "Password");
        }
    }

    /// <summary>The form again, with what is wrong.</summary>
    protected PageResult Again()
    {
        // The status tells scripts and caches what the text tells people.
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }

    protected PageResult Again(string what, string field = "")
    {
        Wrong(what, field);
        return Again();
    }

    protected PageResult TooMany(TimeSpan wait) =>
        Refuse(StatusCodes.Status429TooManyRequests, wait, string.Create(CultureInfo.InvariantCulture, $"Too many attempts from your network. Try again in {Math.Ceiling(wait.TotalMinutes)} minutes."));

    /// <summary>Back to what the sign-in was for.</summary>
    protected IActionResult GoOn(string? to = null) => Interaction is { } interaction
        ? Continue.To(HttpContext.RequestServices.GetRequiredService<IInteractions>().ResumeAddress(interaction.Id))
        : SeeOther(LocalAddress.Safe(to) ?? "/account");

    /// <summary>A GET next, so that going back or loading again sends no form twice.</summary>
    protected IActionResult SeeOther(string address)
    {
        Response.Headers.Location = address;
        return StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>The same interaction at another page.</summary>
    protected string WithInteraction(string path) => InteractionId is null ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}interaction={Uri.EscapeDataString(InteractionId)}";

    private PageResult Refuse(int status, TimeSpan wait, string what)
    {
        Response.StatusCode = status;
        Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        Wrong(what);
        return Page();
    }
}
