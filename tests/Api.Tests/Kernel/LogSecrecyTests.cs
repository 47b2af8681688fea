using System.Text;
using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Proofsheet.Api.Data;
using Proofsheet.Api.Tests.Clients;
using Proofsheet.Api.Tests.Downloads;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Mail;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Storage;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Kernel;

/// <summary>Whatever an operator configures, no log line contains a secret.</summary>
public sealed partial class LogSecrecyTests : IAsyncLifetime
{
    private const string Pin = "204816973155";

    private readonly RecordedLog _log = new();
    private readonly RecordedHeaders _headers = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private ApiHost? _api;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        _log.Dispose();
    }

    [Theory]
    [InlineData("as it is", "0123456+789/abcdef=")]
    [InlineData("in an address", "https://example.com/?s=0123456%2b789%2Fabcdef%3D&e=1")]
    [InlineData("in JSON", """{"key":"0123456\u002B789/abcdef="}""")]
    [InlineData("in a Basic header", "d2ViOjAxMjM0NTYrNzg5L2FiY2RlZj0=")]
    public void A_leak_is_found_however_it_is_written(string where, string text)
    {
        var log = _log.CreateLogger("A.Category");
        log.LogDebug("{Value} is said", "nothing secret");
        _log.ShouldHoldNone((where, "0123456+789/abcdef="));

        log.LogTrace("{Value} is said", text);

        FluentActions.Invoking(() => _log.ShouldHoldNone((where, "0123456+789/abcdef="))).Should().Throw<Xunit.Sdk.XunitException>().WithMessage($"*{where}: Trace A.Category*");
    }

    [Fact]
    public async Task No_key_PIN_or_token_is_logged()
    {
        var api = await StartAsync();
        var studio = await api.StudioAsync();
        var made = (await studio.Api.PostAsync("/v1/keys", new { name = "Server", type = "secret" })).ShouldBe(201);
        var rotated = (await studio.Api.PostAsync($"/v1/keys/{made["id"]}/rotate", new { graceHours = 1 })).ShouldBe(201);
        var wrong = made["secret"][..^6] + "abcdef";
        (await api.Client(wrong).GetAsync("/v1/studio")).ShouldBe(401);
        var pin = await studio.GalleryAsync(Pin);
        const string password = "Our wedding, 2031+1!";
        var key = $"retry-{Guid.NewGuid():N}";
        foreach (var _ in new[] { "first", "again" })
        {
            (await studio.Api.PostAsync("/v1/galleries", new { title = "Password", requires = "password", password }, key)).ShouldBe(201);
        }

        const string wrongPin = "999333777111";
        (await pin.UnlockAsync(new { pin = wrongPin })).ShouldBe(403);
        var visitor = await pin.VisitorAsync("Clara", "clara@example.com");
        (await visitor.Api.GetAsync("/v1/visitor")).ShouldBe(200);
        (await api.Client(visitor.Token[..^4] + "AAAA").GetAsync("/v1/visitor")).ShouldBe(401);
        var member = await studio.MemberAsync("owner");
        (await member.Api.GetAsync("/v1/studio")).ShouldBe(200);
        var access = api.Authority.Token(member.Subject, studio.Slug, MemberClient.AllScopes);
        (await api.Client(access[..^4] + "AAAA").GetAsync("/v1/studio")).ShouldBe(401);
        // In places where they do not belong: in a URL, in a parameter of another type, in something that is not HTTP.
        (await api.Client(null).GetAsync($"/v1/visitor?access_token={visitor.Token}")).ShouldBe(401);
        (await studio.Api.GetAsync($"/v1/galleries?limit={visitor.Token}")).ShouldBe(400);
        (await studio.Api.PostAsync("/v1/galleries", $"{{\"title\":\"{rotated["secret"]}\",\"layout\":\"{rotated["secret"]}\"}}")).ShouldBe(400);
        await RawRequest.StatusAsync(api, "GET", "/v1/studio", $"Authorization Bearer {made["secret"]}\r\n");
        await RawRequest.StatusAsync(api, "GET", $"/v1/studio?key={made["secret"]} HTTP/7 x");

        _log.ShouldHoldNone(
            ("platform key", api.PlatformKey), ("secret key", studio.SecretKey), ("another key", made["secret"]), ("its successor", rotated["secret"]), ("wrong key", wrong),
            ("PIN", Pin), ("wrong PIN", wrongPin), ("password", password), ("visitor's token", visitor.Token), ("altered visitor's token", visitor.Token[..^4]),
            ("access token", access), ("its signature", access.Split('.')[2][..^4]), ("publishable key", pin.Storefront.Http.DefaultRequestHeaders.Authorization!.Parameter));
        await NoMasterKeyAsync();
        NoAuthorization();
    }

    [Fact]
    public async Task No_address_that_opens_a_picture_or_a_file_is_logged()
    {
        var api = await StartAsync();
        var shop = await Shop.OpenAsync(api);
        var photo = await shop.Gallery.ReadyAsync();
        var picture = photo.Url();
        (await api.FetchAsync(picture)).ShouldBe(200);
        (await api.FetchAsync(picture[..^4] + "AAAA")).ShouldBe(403);
        (await shop.RulesAsync(new { allowsDownloads = true, sizes = new[] { "full" }, pin = Pin })).ShouldBe(200);
        var free = (await shop.ReadyAsync(new { size = "full", photoIds = new[] { photo.Id() }, pin = Pin }))["url"];
        (await api.FetchAsync(free)).ShouldBe(200);
        var order = await shop.OrderAsync(shop.Full, await shop.PhotoAsync());
        (await shop.PayAsync(order)).ShouldBe(200);
        await ApiHost.EventuallyAsync(async () => await shop.StateAsync(order) == "completed", "the files are granted");
        var bought = (await shop.Api.GetAsync($"/v1/orders/{order}/downloads")).ShouldBe(200).Body!;
        var (file, zip) = (bought["data"]![0]!["url"]!.GetValue<string>(), bought["zipUrl"]!.GetValue<string>());
        (await api.FetchAsync(file)).ShouldBe(200);
        (await api.FetchAsync(zip)).ShouldBe(200);
        (await api.FetchAsync(zip + "&s=twice")).Status.Should().BeInRange(400, 499);

        _log.ShouldHoldNone([.. new[] { picture, free, file, zip }.Select(url => ("signature", SignatureOf(url))), ("PIN for downloads", (string?)Pin)]);
    }

    [Fact]
    public async Task Nothing_of_a_payment_is_logged()
    {
        var api = await StartAsync();
        var shop = await Shop.OpenAsync(api);
        const string card = "4242 4242 4242 4242";
        var token = (await shop.Api.PostAsync("/v1/payments/simulator/tokens", new { number = card, expiryMonth = 12, expiryYear = 2090, cvc = "123" })).ShouldBe(200)["token"];
        var order = await shop.OrderAsync();
        var key = $"retry-{Guid.NewGuid():N}";
        var paid = (await shop.Api.PostAsync($"/v1/orders/{order}/payments", new { paymentToken = token }, key)).ShouldBe(200);
        (await shop.Api.PostAsync($"/v1/orders/{order}/payments", new { paymentToken = token }, key)).ShouldBe(200);
        await shop.PaidAsync(order);
        await ApiHost.EventuallyAsync(() => Task.FromResult(_headers.Of("Simulator-Signature").Any()), "the webhook came");
        var forged = $"t=1,v1={new string('5', 30)}{Guid.NewGuid():N}";
        using var webhook = new StringContent("{}", Encoding.UTF8, "application/json");
        webhook.Headers.Add("Simulator-Signature", forged);
        (await api.Client(null).SendAsync(HttpMethod.Post, "/v1/webhooks/payments/simulator", webhook)).Status.Should().BeInRange(400, 499);

        var secrets = api.Services.GetRequiredService<Shared.Keyrings.Keyring>().DeriveAll("payments-simulator-webhook").SelectMany(s => new[] { Convert.ToHexString(s), Convert.ToBase64String(s) });
        var signatures = _headers.Of("Simulator-Signature").Append(forged).SelectMany(h => h.Split(',')).Where(p => !p.StartsWith("t=", StringComparison.Ordinal)).Select(p => p[(p.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        _log.ShouldHoldNone([("card", card), ("card without spaces", card.Replace(" ", "", StringComparison.Ordinal)), ("payment token", token),
            .. secrets.Select(s => ("webhook secret", (string?)s)), .. signatures.Select(s => ("webhook signature", (string?)s)),
            .. ClientSecretsOf(api).Select(s => ("payment's client secret", (string?)s))]);
        paid["status"].Should().Be("succeeded");
    }

    [Fact]
    public async Task No_secret_of_an_OAuth_client_and_no_invitation_is_logged()
    {
        var api = await StartAsync(("Outbox:MaxAttempts", "2"));
        var studio = await api.StudioAsync();
        var made = (await studio.Api.PostAsync("/v1/oauth-clients", ClientRequests.Web())).ShouldBe(201);
        var rotated = (await studio.Api.PostAsync($"/v1/oauth-clients/{made["id"]}/rotate-secret")).ShouldBe(200);
        var email = $"{Guid.NewGuid():N}@example.com";
        (await studio.Api.PostAsync("/v1/invitations", new { email, role = "viewer" })).ShouldBe(201);
        var mails = Path.Combine(api.Folder, "mail");
        await ApiHost.EventuallyAsync(() => Task.FromResult(Directory.Exists(mails) && Directory.EnumerateFiles(mails, "*.eml").Any(f => File.ReadAllText(f).Contains(email, StringComparison.Ordinal))), "the invitation is sent");
        var mail = Directory.EnumerateFiles(mails, "*.eml").Select(File.ReadAllText).Single(m => m.Contains(email, StringComparison.Ordinal)).Replace("=\r\n", "", StringComparison.Ordinal);
        var code = Invitation().Match(mail).Value;
        var subject = api.Authority.Account(email, "Vera");
        (await api.Client(api.Authority.Token(subject, null, "studios:write")).PostAsync("/v1/invitations/accept", new { code })).ShouldBe(200);

        _log.ShouldHoldNone(
            ("client secret", made["secret"]), ("rotated secret", rotated["secret"]), ("registration token", api.Authority.RegistrationTokens[made["clientId"]]),
            ("the API's own secret", TestAuthority.OwnSecret), ("invitation", code));
        NoAuthorization();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_password_of_the_mail_server_and_no_mail_is_logged_whether_it_is_sent_or_not(bool isRight)
    {
        await using var sink = await SmtpSink.StartAsync("login");
        var password = isRight ? "right pässword" : "wrong pässword+/=";
        var api = await StartAsync(
            ("Mail:Provider", "Smtp"), ("Mail:From", "shop@proofsheet.example"), ("Mail:Smtp:Host", "127.0.0.1"), ("Mail:Smtp:Port", $"{sink.Port}"), ("Mail:Smtp:Security", "None"),
            ("Mail:Smtp:User", "anna"), ("Mail:Smtp:Password", password), ("Outbox:MaxAttempts", "2"));
        var studio = await api.StudioAsync();
        (await studio.Api.PostAsync("/v1/invitations", new { email = "vera@example.com", role = "viewer" })).ShouldBe(201);
        if (isRight)
        {
            var mail = await sink.ReceiveAsync();
            _log.ShouldHoldNone(("invitation", Invitation().Match(mail.Raw.Replace("=\r\n", "", StringComparison.Ordinal)).Value));
        }
        else
        {
            await ApiHost.EventuallyAsync(() => Task.FromResult(_log.Says("cannot be sent")), "the mail failed");
        }

        _log.ShouldHoldNone(("password", password));
    }

    [Theory]
    [InlineData("S3")]
    [InlineData("Azure")]
    public async Task No_key_and_no_address_of_a_store_is_logged(string provider)
    {
        var settings = await RemoteStores.SettingsAsync(provider);
        settings["Storage:DirectDownloads"] = settings["Storage:DirectUploads"] = "true";
        var api = await StartAsync([.. settings.Select(s => (s.Key, s.Value!))]);
        var shop = await Shop.OpenAsync(api);
        var order = await shop.OrderAsync(shop.Full, await shop.PhotoAsync());
        (await shop.PayAsync(order)).ShouldBe(200);
        await ApiHost.EventuallyAsync(async () => await shop.StateAsync(order) == "completed", "the files are granted");
        var url = (await shop.Api.GetAsync($"/v1/orders/{order}/downloads")).ShouldBe(200).Body!["data"]![0]!["url"]!.GetValue<string>();
        using var sent = await _http.GetAsync(new Uri(api.Address, url));
        sent.StatusCode.Should().Be(System.Net.HttpStatusCode.Redirect);
        var name = provider == "S3" ? "X-Amz-Signature" : "sig";
        var signature = QueryHelpers.ParseQuery(sent.Headers.Location!.Query)[name].ToString();
        var put = (await shop.Studio.Api.PostAsync($"{await (await shop.Studio.GalleryAsync()).BeginAsync(1000)}/direct", new { })).ShouldBe(200)["url"];
        var putSignature = QueryHelpers.ParseQuery(new Uri(put!).Query)[name].ToString();
        var secret = settings[provider == "S3" ? "Storage:S3:SecretKey" : "Storage:Azure:AccountKey"];
        await api.DisposeAsync();

        // An unreachable store: the failure is logged with everything that the libraries report.
        settings[$"Storage:{provider}:Endpoint"] = provider == "S3" ? "http://127.0.0.1:1/" : "http://127.0.0.1:1/proofsheettests";
        _api = api = await StartAsync([.. settings.Select(s => (s.Key, s.Value!)), ($"Storage:{provider}:FirstDelay", "00:00:00.001")]);
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        (await gallery.UploadAsync(("a.jpg", PhotoClients.NewJpeg()))).Status.Should().BeGreaterThanOrEqualTo(500);

        _log.ShouldHoldNone(("key", secret), ("signature of a file's address", signature), ("signature of an address to write", putSignature), ("signature of the download", SignatureOf(url)));
    }

    [Fact]
    public async Task Values_of_rows_are_not_in_the_log_of_the_database()
    {
        var api = await StartAsync();
        await using var scope = api.Services.CreateAsyncScope();

        scope.ServiceProvider.GetRequiredService<ProofsheetDb>().GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()!.IsSensitiveDataLoggingEnabled.Should().BeFalse();
    }

    private async Task<ApiHost> StartAsync(params (string Name, string? Value)[] settings) =>
        _api = await ApiHost.StartAsync(RecordedLog.Settings(settings), services =>
        {
            _log.AddTo(services);
            services.AddSingleton<IStartupFilter>(_headers);
        });

    private async Task NoMasterKeyAsync() =>
        _log.ShouldHoldNone([.. (await File.ReadAllLinesAsync(Path.Combine(_api!.Folder, "master.keys"))).Where(l => l.Contains(':', StringComparison.Ordinal)).Select(l => ("master key", (string?)l[(l.IndexOf(':', StringComparison.Ordinal) + 1)..]))]);

    // From every request received, including those that background work sent to itself.
    private void NoAuthorization() => _log.ShouldHoldNone([.. _headers.Of("Authorization").Distinct().Select(h => ("Authorization", (string?)h[(h.IndexOf(' ', StringComparison.Ordinal) + 1)..]))]);

    private static string? SignatureOf(string url) => QueryHelpers.ParseQuery(url[url.IndexOf('?', StringComparison.Ordinal)..])["s"].ToString();

    private static IEnumerable<string> ClientSecretsOf(ApiHost api) =>
        Directory.EnumerateFiles(Path.Combine(api.Folder, "payments"), "*", SearchOption.AllDirectories).SelectMany(f => ClientSecret().Matches(File.ReadAllText(f)).Select(m => m.Value));

    [GeneratedRegex("ps_invite_[0-9a-z]{38}")]
    private static partial Regex Invitation();

    [GeneratedRegex("[0-9A-Za-z_]+_secret_[0-9a-f]{32}")]
    private static partial Regex ClientSecret();
}
