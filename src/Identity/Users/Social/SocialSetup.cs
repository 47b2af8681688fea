using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Web;

namespace Proofsheet.Identity.Users.Social;

internal static class SocialSetup
{
    private const int MaxAnswerBytes = 256 << 10;

    /// <summary>Each configured provider becomes a scheme of the framework's OAuth handler (state, correlation, PKCE).</summary>
    public static IServiceCollection AddSocial(this IServiceCollection services, IConfiguration configuration)
    {
        var configured = configuration.GetSection("Social").Get<SocialOptions>() ?? new SocialOptions();
        var errors = configured.Providers.SelectMany(p => p.Errors())
            .Concat(configured.Providers.GroupBy(p => p.Scheme).Where(g => g.Count() > 1).Select(g => $"Social:Providers names {g.Key} twice."))
            .ToList();
        if (errors.Count > 0)
        {
            throw new OptionsValidationException("Social", typeof(SocialOptions), errors);
        }

        services.AddSingleton(new SocialProviders([.. configured.Providers.Select(SocialPresets.Of)]));
        services.AddScoped<SocialAccounts>();
        services.AddScoped<SocialReturn>();
        var authentication = services.AddAuthentication();
        foreach (var provider in configured.Providers)
        {
            authentication.AddOAuth(provider.Scheme, options => Configure(options, provider, SocialPresets.Of(provider)));
        }

        return services;
    }

    /// <summary>Turns a provider's form post into a GET, so that the browser sends the cookies that cross-site forms do not carry.</summary>
    public static IApplicationBuilder UseSocialForms(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        var path = http.Request.Path.Value ?? "";
        if (HttpMethods.IsPost(http.Request.Method) && path.EndsWith("/callback", StringComparison.Ordinal) && path.StartsWith("/social/", StringComparison.Ordinal)
            && http.RequestServices.GetRequiredService<SocialProviders>().Find(path["/social/".Length..^"/callback".Length]) is { AnswersByForm: true } && http.Request.HasFormContentType)
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var known = new[] { "code", "state", "error" }.Where(form.ContainsKey).Select(name => KeyValuePair.Create(name, (string?)form[name].ToString()));
            http.Response.StatusCode = StatusCodes.Status303SeeOther;
            http.Response.Headers.Location = QueryHelpers.AddQueryString(path, known);
            return;
        }

        await next(http);
    });

    private static void Configure(OAuthOptions options, SocialProviderOptions configured, SocialProvider provider)
    {
        options.ClientId = configured.ClientId;
        // Apple's secret is created for each use, in AppleSecretHandler below.
        options.ClientSecret = configured.ClientSecret.Length > 0 ? configured.ClientSecret : "-";
        options.AuthorizationEndpoint = provider.AuthorizationEndpoint!;
        options.TokenEndpoint = provider.TokenEndpoint!;
        options.CallbackPath = $"/social/{provider.Scheme}/callback";
        options.SignInScheme = Sessions.SessionAuthentication.SchemeName;
        options.UsePkce = true;
        options.SaveTokens = false;
        options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        options.CorrelationCookie.Name = "proofsheet.social.";
        options.BackchannelTimeout = TimeSpan.FromSeconds(10);
        options.RemoteAuthenticationTimeout = TimeSpan.FromMinutes(10);
        options.Backchannel = provider.Kind == SocialKind.Apple && configured.ClientSecret.Length == 0
            ? new HttpClient(new AppleSecretHandler(configured)) { Timeout = options.BackchannelTimeout, MaxResponseContentBufferSize = MaxAnswerBytes }
            : new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = options.BackchannelTimeout, MaxResponseContentBufferSize = MaxAnswerBytes };
        foreach (var scope in provider.Scopes)
        {
            options.Scope.Add(scope);
        }

        options.Events.OnRedirectToAuthorizationEndpoint = context =>
        {
            var address = provider.AnswersByForm ? QueryHelpers.AddQueryString(context.RedirectUri, "response_mode", "form_post") : context.RedirectUri;
            return Continue.WriteAsync(context.Response, address);
        };
        options.Events.OnCreatingTicket = context => ReadAsync(context, provider);
        options.Events.OnTicketReceived = context =>
        {
            context.HandleResponse();
            return context.HttpContext.RequestServices.GetRequiredService<SocialReturn>().FinishAsync(context.HttpContext, context.Principal!, context.Properties!);
        };
        options.Events.OnRemoteFailure = context =>
        {
            context.HandleResponse();
            context.Response.Redirect("/error?reason=social");
            return Task.CompletedTask;
        };
    }

    private static async Task ReadAsync(OAuthCreatingTicketContext context, SocialProvider provider)
    {
        JsonElement? claims;
        if (provider.UserInfoEndpoint is { } endpoint)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, endpoint);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.AccessToken);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using var answer = await context.Backchannel.SendAsync(request, context.HttpContext.RequestAborted);
            answer.EnsureSuccessStatusCode();
            using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(context.HttpContext.RequestAborted));
            claims = document.RootElement.Clone();
        }
        else
        {
            var token = context.TokenResponse.Response!.RootElement.TryGetProperty("id_token", out var text) ? text.GetString() : null;
            var now = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
            claims = SocialLogin.ReadIdToken(token, provider.TokenIssuer!, context.Options.ClientId, now);
        }

        if (claims is null || SocialLogin.Of(provider, claims.Value) is not { } login)
        {
            throw new AuthenticationFailureException("The provider did not say who signed in.");
        }

        context.Identity!.AddClaim(new Claim(SocialReturn.LoginClaim, JsonSerializer.Serialize(login)));
    }

    /// <summary>Adds the signed client secret to the code exchange.</summary>
    private sealed class AppleSecretHandler(SocialProviderOptions options) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is FormUrlEncodedContent content)
            {
                var form = QueryHelpers.ParseQuery(await content.ReadAsStringAsync(cancellationToken)).ToDictionary(p => p.Key, p => p.Value.ToString());
                form["client_secret"] = AppleSecret.Make(options, TimeProvider.System.GetUtcNow());
                request.Content = new FormUrlEncodedContent(form);
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
