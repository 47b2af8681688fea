using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

[Trait("Database", "Provider")]
public sealed class RegistrationTests(IdentityHost identity) : ProtocolTests(identity)
{
    private const string Path = "/connect/register";

    [Fact]
    public async Task A_studios_client_is_registered_and_its_tokens_carry_the_studio()
    {
        var made = (await RegisterAsync(Service())).ShouldBe(HttpStatusCode.Created);

        made["client_id"].Should().StartWith("cli_");
        made["client_secret"].Should().HaveLength(43);
        made["registration_client_uri"].Should().Be($"{Identity.Issuer}{Path}/{made["client_id"]}");
        made.Headers.CacheControl!.NoStore.Should().BeTrue();
        var token = await OAuth.VerifiedAsync((await TokenAsync(made["client_id"], made["client_secret"])).ShouldBe(HttpStatusCode.OK)["access_token"], "at+jwt");
        token["tenant"]!.ToString().Should().Be("anna-studio");
        token["scope"]!.ToString().Should().Be("galleries:read");
    }

    [Fact]
    public async Task A_registered_page_signs_people_in_after_their_consent_for_its_own_studio()
    {
        var made = (await RegisterAsync(Page())).ShouldBe(HttpStatusCode.Created);
        made["client_secret"].Should().BeNull();
        var client = new Client { ClientId = made["client_id"]!, RedirectUris = ["https://store.example/callback"] };
        var session = SignIn();

        (await OAuth.AuthorizeAsync(session, Support.OAuth.Request(client, ("scope", "openid galleries:read"), ("acr_values", "tenant:somebody-else")))).Location.OriginalString.Should().StartWith("/consent?");
        (await OAuth.AuthorizeAsync(session, Support.OAuth.Request(client, ("scope", "openid galleries:write")))).Redirected("error").Should().Be("invalid_scope");

        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/connect/token");
        preflight.Headers.Add("Origin", "https://store.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        (await OAuth.SendAsync(preflight)).Headers.GetValues("Access-Control-Allow-Origin").Should().Equal("https://store.example");
    }

    [Fact]
    public async Task Neither_secrets_nor_registration_tokens_are_in_the_database()
    {
        var made = await RegisterAsync(Service());

        await using var database = Identity.Database();
        var row = await database.Db.Set<RegisteredClient>().SingleAsync(c => c.ClientId == made["client_id"]);

        var stored = System.Text.Json.JsonSerializer.Serialize(row);
        stored.Should().Contain("galleries:read").And.NotContain(made["client_secret"]).And.NotContain(made["registration_access_token"]);
        row.RegisteredBy.Should().Be("service");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("wrong scope")]
    [InlineData("id token")]
    [InlineData("garbage")]
    public async Task Registering_needs_a_token_with_its_scope(string kind)
    {
        var token = kind switch
        {
            "none" => null,
            "wrong scope" => (await OAuth.TokenAsync(TestClients.Service, [new("grant_type", "client_credentials"), new("scope", "galleries:read")]))["access_token"],
            "id token" => (await OAuth.TokensAsync(TestClients.Web, SignIn()))["id_token"],
            _ => "x.y.z",
        };

        var answer = await SendAsync(HttpMethod.Post, Path, token, Service());

        answer.ShouldBe(kind == "wrong scope" ? HttpStatusCode.Forbidden : HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("redirect_uris", """["http://store.example/callback"]""", "invalid_redirect_uri")]
    [InlineData("redirect_uris", """["https://store.example/callback#x"]""", "invalid_redirect_uri")]
    [InlineData("redirect_uris", """["https://*.store.example/callback"]""", "invalid_redirect_uri")]
    [InlineData("redirect_uris", """["https://u:p@store.example/callback"]""", "invalid_redirect_uri")]
    [InlineData("redirect_uris", """["https://store.example/a/../callback"]""", "invalid_redirect_uri")]
    [InlineData("redirect_uris", """["https:store.example"]""", "invalid_redirect_uri")]
    [InlineData("redirect_uris", """["javascript:alert(1)"]""", "invalid_redirect_uri")]
    [InlineData("redirect_uris", """["com.example.app:/callback"]""", "invalid_redirect_uri")]
    [InlineData("redirect_uris", """["/callback"]""", "invalid_redirect_uri")]
    [InlineData("redirect_uris", """["data:text/html,x"]""", "invalid_redirect_uri")]
    [InlineData("redirect_uris", """[]""", "invalid_client_metadata")]
    [InlineData("redirect_uris", """[7]""", "invalid_client_metadata")]
    [InlineData("redirect_uris", "\"https://store.example\"", "invalid_client_metadata")]
    [InlineData("post_logout_redirect_uris", """["http://store.example/"]""", "invalid_client_metadata")]
    [InlineData("proofsheet_allowed_origins", """["https://store.example/"]""", "invalid_client_metadata")]
    [InlineData("proofsheet_allowed_origins", """["*"]""", "invalid_client_metadata")]
    [InlineData("proofsheet_allowed_origins", """["null"]""", "invalid_client_metadata")]
    [InlineData("grant_types", """["password"]""", "invalid_client_metadata")]
    [InlineData("grant_types", """["client_credentials"]""", "invalid_client_metadata")]
    [InlineData("response_types", """["token"]""", "invalid_client_metadata")]
    [InlineData("token_endpoint_auth_method", "\"client_secret_jwt\"", "invalid_client_metadata")]
    [InlineData("token_endpoint_auth_method", "\"private_key_jwt\"", "invalid_client_metadata")]
    [InlineData("scope", "\"openid platform:admin\"", "invalid_client_metadata")]
    [InlineData("scope", "\"clients:register\"", "invalid_client_metadata")]
    [InlineData("scope", "\"no:such\"", "invalid_client_metadata")]
    [InlineData("tenant", "\"Anna Studio\"", "invalid_client_metadata")]
    [InlineData("client_name", "\"\"", "invalid_client_metadata")]
    [InlineData("client_name", "7", "invalid_client_metadata")]
    [InlineData("logo_uri", "\"http://store.example/logo.png\"", "invalid_client_metadata")]
    [InlineData("jwks_uri", "\"https://store.example/jwks\"", "invalid_client_metadata")]
    [InlineData("backchannel_logout_uri", "\"http://store.example/logout\"", "invalid_client_metadata")]
    [InlineData("dpop_bound_access_tokens", "\"yes\"", "invalid_client_metadata")]
    [InlineData("application_type", "\"desktop\"", "invalid_client_metadata")]
    public async Task Metadata_that_is_not_acceptable_is_refused(string name, string value, string error)
    {
        var metadata = Page();
        metadata[name] = JsonNode.Parse(value);

        (await RegisterAsync(metadata)).ShouldFail(error);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"client_name\":\"a\",\"client_name\":\"b\"}")]
    [InlineData("{")]
    [InlineData("")]
    public async Task A_body_that_is_no_object_is_refused(string body) =>
        (await SendAsync(HttpMethod.Post, Path, await RegistrarAsync(), new StringContent(body, Encoding.UTF8, "application/json"))).ShouldFail("invalid_client_metadata");

    [Fact]
    public async Task A_native_client_may_use_loopback_and_its_own_scheme()
    {
        var metadata = Page();
        metadata["application_type"] = "native";
        metadata["redirect_uris"] = new JsonArray("http://127.0.0.1/callback", "com.example.app:/callback");

        (await RegisterAsync(metadata)).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_client_with_keys_needs_no_secret_and_a_private_key_is_refused()
    {
        var metadata = Service();
        metadata["token_endpoint_auth_method"] = "private_key_jwt";
        metadata["jwks"] = new JsonObject { ["keys"] = new JsonArray(TestClients.Key.PublicKey.ToJson()) };
        var made = (await RegisterAsync(metadata)).ShouldBe(HttpStatusCode.Created);
        made["client_secret"].Should().BeNull();

        var answer = await OAuth.PostAsync("/connect/token",
            [new("grant_type", "client_credentials"), new("client_assertion_type", ClientAssertions.Type), new("client_assertion", OAuth.Assertion(made["client_id"]!))]);
        answer.ShouldBe(HttpStatusCode.OK);

        var leaking = TestClients.Key.PublicKey.ToJson();
        leaking["d"] = leaking["x"]!.DeepClone();
        metadata["jwks"] = new JsonObject { ["keys"] = new JsonArray(leaking) };
        (await RegisterAsync(metadata)).ShouldFail("invalid_client_metadata");
    }

    [Fact]
    public async Task A_registration_is_read_changed_and_removed_by_its_own_token()
    {
        var made = await RegisterAsync(Service());
        var (address, token) = (Path + "/" + made["client_id"], made["registration_access_token"]);

        var read = (await SendAsync(HttpMethod.Get, address, token)).ShouldBe(HttpStatusCode.OK);
        read["client_name"].Should().Be("Anna's server");
        read["client_secret"].Should().BeNull();
        var changed = Service();
        changed["client_name"] = "Another name";
        changed["client_id"] = made["client_id"];
        (await SendAsync(HttpMethod.Put, address, token, changed)).ShouldBe(HttpStatusCode.OK)["client_name"].Should().Be("Another name");
        (await TokenAsync(made["client_id"], made["client_secret"])).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(HttpMethod.Delete, address, token)).ShouldBe(HttpStatusCode.NoContent);

        (await SendAsync(HttpMethod.Get, address, token)).ShouldBe(HttpStatusCode.Unauthorized);
        (await TokenAsync(made["client_id"], made["client_secret"])).ShouldFail("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("tenant", "ben-studio")]
    [InlineData("token_endpoint_auth_method", "none")]
    [InlineData("client_id", "web")]
    public async Task A_client_does_not_change_sides(string name, string value)
    {
        var made = await RegisterAsync(Page("client_secret_basic"));
        var changed = Page("client_secret_basic");
        changed[name] = value;

        (await SendAsync(HttpMethod.Put, Path + "/" + made["client_id"], made["registration_access_token"], changed)).ShouldFail("invalid_client_metadata");
    }

    [Fact]
    public async Task Two_secrets_live_side_by_side_and_a_third_ends_the_first()
    {
        var made = await RegisterAsync(Service());
        var (address, token) = (Path + "/" + made["client_id"], made["registration_access_token"]);
        var rotating = Service();
        rotating["proofsheet_rotate_secret"] = true;

        var second = (await SendAsync(HttpMethod.Put, address, token, rotating)).ShouldBe(HttpStatusCode.OK)["client_secret"];
        second.Should().HaveLength(43).And.NotBe(made["client_secret"]);
        (await TokenAsync(made["client_id"], made["client_secret"])).ShouldBe(HttpStatusCode.OK);
        (await TokenAsync(made["client_id"], second)).ShouldBe(HttpStatusCode.OK);

        var third = (await SendAsync(HttpMethod.Put, address, token, rotating)).ShouldBe(HttpStatusCode.OK)["client_secret"];
        (await TokenAsync(made["client_id"], made["client_secret"])).ShouldFail("invalid_client", HttpStatusCode.Unauthorized);
        (await TokenAsync(made["client_id"], second)).ShouldBe(HttpStatusCode.OK);
        (await TokenAsync(made["client_id"], third)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_administers_the_registration_of_others()
    {
        var (mine, others) = (await RegisterAsync(Service()), await RegisterAsync(Service()));
        var address = Path + "/" + others["client_id"];
        var notRegistrar = (await OAuth.TokenAsync(TestClients.Service, [new("grant_type", "client_credentials"), new("scope", "galleries:read")]))["access_token"];

        foreach (var token in new[] { mine["registration_access_token"], notRegistrar, others["client_secret"], null, "x" })
        {
            (await SendAsync(HttpMethod.Get, address, token)).ShouldBe(HttpStatusCode.Unauthorized);
            (await SendAsync(HttpMethod.Put, address, token, Service())).ShouldBe(HttpStatusCode.Unauthorized);
            (await SendAsync(HttpMethod.Delete, address, token)).ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await SendAsync(HttpMethod.Get, Path + "/web", await RegistrarAsync())).ShouldBe(HttpStatusCode.Unauthorized); // Configured clients cannot be managed.
        (await SendAsync(HttpMethod.Get, address, await RegistrarAsync())).ShouldBe(HttpStatusCode.OK);
    }

    private static JsonObject Service() => new()
    {
        ["client_name"] = "Anna's server", ["token_endpoint_auth_method"] = "client_secret_basic", ["grant_types"] = new JsonArray("client_credentials"), ["scope"] = "galleries:read", ["tenant"] = "anna-studio",
    };

    private static JsonObject Page(string method = "none") => new()
    {
        ["client_name"] = "Anna's shop", ["token_endpoint_auth_method"] = method, ["grant_types"] = new JsonArray("authorization_code", "refresh_token"), ["scope"] = "openid galleries:read",
        ["redirect_uris"] = new JsonArray("https://store.example/callback"), ["proofsheet_allowed_origins"] = new JsonArray("https://store.example"), ["tenant"] = "anna-studio",
    };

    private async Task<string> RegistrarAsync() =>
        (await OAuth.TokenAsync(TestClients.Service, [new("grant_type", "client_credentials"), new("scope", "clients:register")])).ShouldBe(HttpStatusCode.OK)["access_token"]!;

    private async Task<Answer> RegisterAsync(JsonObject metadata) => await SendAsync(HttpMethod.Post, Path, await RegistrarAsync(), metadata);

    private Task<Answer> SendAsync(HttpMethod method, string address, string? token, JsonObject body) =>
        SendAsync(method, address, token, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));

    private async Task<Answer> SendAsync(HttpMethod method, string address, string? token, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        return await OAuth.SendAsync(request);
    }

    private async Task<Answer> TokenAsync(string? clientId, string? secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        request.Headers.Authorization = Support.OAuth.Basic(clientId!, secret!);
        return await OAuth.SendAsync(request);
    }
}
