using System.Net;
using FluentAssertions;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

public sealed class AuthorizeTests(IdentityHost identity) : ProtocolTests(identity)
{
    [Fact]
    public async Task An_answer_brings_back_the_state_and_names_the_issuer()
    {
        var answer = await OAuth.AuthorizeAsync(SignIn(), OAuth.Request(TestClients.Web));

        answer.ShouldBe(HttpStatusCode.Redirect).Location.GetLeftPart(UriPartial.Path).Should().Be(TestClients.Callback);
        answer.Redirected("state").Should().Be("the-state");
        answer.Redirected("iss").Should().Be(Identity.Issuer);
        answer.Redirected("code").Should().HaveLength(43);
    }

    [Theory] // oidcc-ensure-registered-redirect-uri, fapi2-security-profile-final-ensure-unregistered-redirect-uri
    [InlineData("https://evil.example/callback")]
    [InlineData("https://app.example/callback/")]
    [InlineData("https://app.example/callback?x=1")]
    [InlineData("https://app.example/callback#x")]
    [InlineData("https://app.example/Callback")]
    [InlineData("https://APP.example/callback")]
    [InlineData("https://app.example/callback/../other")]
    [InlineData("https://app.example/%63allback")]
    [InlineData("https://app.example:443/callback")]
    [InlineData("https://app.example@evil.example/callback")]
    [InlineData("https://evil.example/https://app.example/callback")]
    [InlineData("https://app.example.evil.example/callback")]
    [InlineData("https://app.example\\@evil.example/callback")]
    [InlineData("http://app.example/callback")]
    [InlineData("//app.example/callback")]
    [InlineData(" https://app.example/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://app.example/other")]
    [InlineData("http://127.0.0.1:8080/callback")]
    [InlineData("")]
    public async Task A_redirect_uri_that_is_not_registered_is_redirected_nowhere(string redirectUri)
    {
        var answer = await OAuth.AuthorizeAsync(SignIn(), OAuth.Request(TestClients.Web, ("redirect_uri", redirectUri)));

        answer.ShouldBe(HttpStatusCode.BadRequest).Headers.Location.Should().BeNull();
        answer.ContentHeaders.ContentType!.MediaType.Should().Be("text/html");
        answer.Text.Should().NotContain("evil.example");
    }

    [Theory]
    [InlineData("client_id", "nobody")]
    [InlineData("client_id", null)]
    [InlineData("redirect_uri", null)]
    public async Task Without_a_known_client_and_address_the_answer_stays_here(string name, string? value) =>
        (await OAuth.AuthorizeAsync(SignIn(), OAuth.Request(TestClients.Web, (name, value)))).ShouldBe(HttpStatusCode.BadRequest).Headers.Location.Should().BeNull();

    [Theory]
    [InlineData("http://127.0.0.1:51004/callback", true)]
    [InlineData("http://127.0.0.1/callback", true)]
    [InlineData("http://[::1]:9000/callback", true)]
    [InlineData("com.example.plugin:/callback", true)]
    [InlineData("http://127.0.0.1:51004/other", false)]
    [InlineData("http://127.0.0.1:51004/callback?x=1", false)]
    [InlineData("http://127.0.0.1:99999/callback", false)]
    [InlineData("http://127.0.0.1:0/callback", false)]
    [InlineData("http://127.0.0.2:51004/callback", false)]
    [InlineData("http://localhost:51004/callback", false)]
    [InlineData("http://127.0.0.1.evil.example:80/callback", false)]
    [InlineData("http://127.0.0.1:80@evil.example/callback", false)]
    [InlineData("https://127.0.0.1:51004/callback", false)]
    [InlineData("http://[::1]:9000/callback/", false)]
    [InlineData("com.example.plugin:/callbackx", false)]
    public async Task A_native_client_takes_any_port_of_its_loopback_address_and_nothing_else(string redirectUri, bool isAllowed)
    {
        var anna = SignIn();
        var answer = await OAuth.AgreedAsync(await OAuth.AuthorizeAsync(anna, OAuth.Request(TestClients.Native, ("redirect_uri", redirectUri))), anna);

        if (isAllowed)
        {
            answer.ShouldBe(HttpStatusCode.Redirect).Location.OriginalString.Should().StartWith(redirectUri + "?code=");
        }
        else
        {
            answer.ShouldBe(HttpStatusCode.BadRequest).Headers.Location.Should().BeNull();
        }
    }

    [Fact]
    public async Task A_registered_query_is_kept_and_added_to()
    {
        var answer = await OAuth.AuthorizeAsync(SignIn(), OAuth.Request(TestClients.Web, ("redirect_uri", "https://app.example/other?fixed=1")));

        answer.Location.OriginalString.Should().StartWith("https://app.example/other?fixed=1&code=");
    }

    [Theory]
    [InlineData("client_id", "spa")]
    [InlineData("redirect_uri", "https://evil.example")]
    [InlineData("response_type", "code")]
    [InlineData("scope", "openid")]
    [InlineData("STATE", "x")]
    public async Task A_parameter_that_is_there_twice_is_refused(string name, string value)
    {
        var answer = await OAuth.GetAsync($"{OAuth.Address(OAuth.Request(TestClients.Web))}&{name}={Uri.EscapeDataString(value)}", SignIn());

        answer.ShouldBe(HttpStatusCode.BadRequest).Headers.Location.Should().BeNull();
    }

    [Theory]
    [InlineData("response_type", null, "invalid_request")] // oidcc-response-type-missing
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_type", "none", "unsupported_response_type")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")] // fapi2-...-ensure-request-without-pkce
    [InlineData("code_challenge_method", "plain", "invalid_request")] // fapi2-...-plain-pkce
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge_method", "s256", "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("scope", null, "invalid_scope")]
    [InlineData("scope", "openid platform:admin", "invalid_scope")]
    [InlineData("scope", "openid orders:read", "invalid_scope")]
    [InlineData("scope", "openid no:such", "invalid_scope")]
    [InlineData("prompt", "none login", "invalid_request")] // oidcc-prompt-none-not-logged-in's neighbor
    [InlineData("prompt", "whatever", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("max_age", "soon", "invalid_request")]
    [InlineData("request", "eyJ", "request_not_supported")] // oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported
    [InlineData("registration", "{}", "registration_not_supported")] // oidcc-registration... not supported
    [InlineData("resource", "https://another.example", "invalid_target")]
    [InlineData("acr_values", "tenant:Anna", "invalid_request")]
    [InlineData("acr_values", "tenant:a tenant:b", "invalid_request")]
    [InlineData("acr_values", "tenant:../x", "invalid_request")]
    [InlineData("id_token_hint", "eyJhbGciOiJub25lIn0.e30.", "invalid_request")]
    public async Task A_request_that_cannot_be_met_is_answered_to_its_client(string name, string? value, string error)
    {
        var answer = await OAuth.AuthorizeAsync(SignIn(), OAuth.Request(TestClients.Web, (name, value)));

        answer.ShouldBe(HttpStatusCode.Redirect).Location.OriginalString.Should().StartWith(TestClients.Callback + "?");
        answer.Redirected("error").Should().Be(error);
        answer.Redirected("state").Should().Be("the-state");
        answer.Redirected("iss").Should().Be(Identity.Issuer);
        answer.Redirected("code").Should().BeNull();
    }

    [Fact]
    public async Task A_parameter_that_nobody_knows_is_no_error() // oidcc-request-uri..., oidcc-ensure-request-with-unknown-parameter-succeeds
    {
        var answer = await OAuth.AuthorizeAsync(SignIn(), OAuth.Request(TestClients.Web, ("extra", "foobar")));

        answer.Redirected("code").Should().NotBeNull();
    }

    [Fact]
    public async Task The_one_resource_may_be_named() =>
        (await OAuth.AuthorizeAsync(SignIn(), OAuth.Request(TestClients.Web, ("resource", "proofsheet-api")))).Redirected("code").Should().NotBeNull();

    [Fact] // oidcc-ensure-post-request-succeeds
    public async Task A_request_may_come_by_POST_and_goes_on_by_GET()
    {
        var session = SignIn();
        var answer = (await OAuth.PostAsync("/connect/authorize", OAuth.Request(TestClients.Web))).ShouldBe(HttpStatusCode.SeeOther);

        (await OAuth.GetAsync(answer.Location.OriginalString, session)).Redirected("code").Should().NotBeNull();
    }

    [Fact] // oidcc-response-mode form_post
    public async Task Form_post_answers_by_a_form_that_may_only_go_to_the_client()
    {
        var answer = await OAuth.AuthorizeAsync(SignIn(), OAuth.Request(TestClients.Web, ("response_mode", "form_post"), ("state", "\"><script>alert(1)</script>")));

        answer.ShouldBe(HttpStatusCode.OK);
        answer.Text.Should().Contain("action=\"https://app.example/callback\"").And.Contain("name=\"code\"").And.Contain("name=\"iss\"").And.NotContain("<script>alert");
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("form-action https://app.example;").And.Contain("frame-ancestors 'none'");
    }

    [Theory] // oidcc-prompt-none-not-logged-in
    [InlineData("query")]
    [InlineData("form_post")]
    public async Task With_prompt_none_nobody_is_asked_to_sign_in(string mode)
    {
        var answer = await OAuth.AuthorizeAsync(null, OAuth.Request(TestClients.Web, ("prompt", "none"), ("response_mode", mode)));

        (mode == "query" ? answer.Redirected("error") : answer.Text).Should().Contain("login_required");
    }

    [Fact] // oidcc-prompt-none-logged-in
    public async Task With_prompt_none_a_live_session_is_enough() =>
        (await OAuth.AuthorizeAsync(SignIn(), OAuth.Request(TestClients.Web, ("prompt", "none")))).Redirected("code").Should().NotBeNull();

    [Fact]
    public async Task With_prompt_none_a_client_of_others_gets_consent_required() =>
        (await OAuth.AuthorizeAsync(SignIn(), OAuth.Request(TestClients.Third, ("prompt", "none")))).Redirected("error").Should().Be("consent_required");

    [Fact]
    public async Task Nobody_signed_in_is_sent_to_sign_in_and_comes_back_to_the_code()
    {
        var interaction = await BeginAsync(null, OAuth.Request(TestClients.Web));

        var answer = await ResumeAsync(interaction, SignIn());

        answer.Location.OriginalString.Should().StartWith(TestClients.Callback + "?code=");
        (await ResumeAsync(interaction, SignIn())).ShouldBe(HttpStatusCode.BadRequest); // It was already completed.
    }

    [Fact] // oidcc-prompt-login; trap 5
    public async Task Prompt_login_is_met_by_credentials_shown_since_and_by_nothing_in_the_address()
    {
        var session = SignIn();
        var interaction = await BeginAsync(session, OAuth.Request(TestClients.Web, ("prompt", "login")));

        foreach (var attempt in new[] { "", "&prompt=none", "&prompt=", "&login_done=true", "&max_age=100000" })
        {
            (await OAuth.GetAsync($"/connect/authorize/resume?interaction={interaction}{attempt}", session)).Location.OriginalString.Should().StartWith("/sign-in?interaction=");
        }

        var answer = await ResumeAsync(interaction, Identity.Sessions.Again(session, Identity.Clock.GetUtcNow()));
        answer.Redirected("code").Should().NotBeNull();
    }

    [Fact] // oidcc-max-age-1, oidcc-max-age-10000
    public async Task Max_age_asks_for_credentials_that_are_not_older()
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow().AddMinutes(-5));

        (await OAuth.AuthorizeAsync(session, OAuth.Request(TestClients.Web, ("max_age", "10000")))).Redirected("code").Should().NotBeNull();
        (await OAuth.AuthorizeAsync(session, OAuth.Request(TestClients.Web, ("max_age", "60")))).Location.OriginalString.Should().StartWith("/sign-in?");
        (await OAuth.AuthorizeAsync(session, OAuth.Request(TestClients.Web, ("max_age", "60"), ("prompt", "none")))).Redirected("error").Should().Be("login_required");
    }

    [Fact]
    public async Task A_second_factor_that_was_asked_for_must_be_part_of_the_sign_in()
    {
        (await OAuth.AuthorizeAsync(SignIn("pwd"), OAuth.Request(TestClients.Web, ("acr_values", "mfa")))).Location.OriginalString.Should().StartWith("/sign-in?");
        (await OAuth.AuthorizeAsync(SignIn("pwd", "otp", "mfa"), OAuth.Request(TestClients.Web, ("acr_values", "mfa tenant:anna")))).Redirected("code").Should().NotBeNull();
    }

    [Fact] // oidcc-id-token-hint
    public async Task An_id_token_hint_of_someone_else_is_login_required()
    {
        var (anna, ben) = (SignIn(), SignIn());
        var hint = (await OAuth.TokensAsync(TestClients.Web, anna))["id_token"];

        (await OAuth.AuthorizeAsync(anna, OAuth.Request(TestClients.Web, ("prompt", "none"), ("id_token_hint", hint)))).Redirected("code").Should().NotBeNull();
        (await OAuth.AuthorizeAsync(ben, OAuth.Request(TestClients.Web, ("prompt", "none"), ("id_token_hint", hint)))).Redirected("error").Should().Be("login_required");
    }

    [Fact]
    public async Task A_forged_interaction_leads_nowhere()
    {
        var interaction = await BeginAsync(null, OAuth.Request(TestClients.Web));
        using var victim = new OAuth(Identity);
        using var other = new OAuth(Identity);
        await other.AuthorizeAsync(null, OAuth.Request(TestClients.Web)); // It has a cookie, but a different one.

        foreach (var browser in new[] { victim, other })
        {
            var answer = await browser.GetAsync($"/connect/authorize/resume?interaction={interaction}", SignIn());
            answer.ShouldBe(HttpStatusCode.BadRequest).Headers.Location.Should().BeNull();
        }

        foreach (var forged in new[] { new string('A', 43), "", "x", new string('A', 5000), "../../x" })
        {
            (await OAuth.GetAsync($"/connect/authorize/resume?interaction={Uri.EscapeDataString(forged)}", SignIn())).ShouldBe(HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task The_browsers_cookie_is_secure_hidden_from_scripts_and_bound_to_the_host()
    {
        var answer = await OAuth.AuthorizeAsync(null, OAuth.Request(TestClients.Web));

        answer.Headers.GetValues("Set-Cookie").Single().Should().StartWith("__Host-proofsheet.browser=").And.Contain("secure").And.Contain("httponly").And.Contain("samesite=lax").And.Contain("path=/").And.NotContain("domain");
    }

    [Fact]
    public async Task An_interaction_completed_by_many_requests_at_once_gives_one_code()
    {
        var session = SignIn();
        var interaction = await BeginAsync(null, OAuth.Request(TestClients.Web));

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => ResumeAsync(interaction, session)));

        answers.Where(a => a.Redirected("code") is not null).Should().ContainSingle();
    }
}
