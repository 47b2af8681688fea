using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Proofsheet.Api.Tests.Support;

/// <summary>Client credentials for the API's own client, and RFC 7591/7592 for the clients it registers.</summary>
public sealed partial class TestAuthority
{
    private readonly ConcurrentDictionary<string, string> _registrars = new();
    private int _clients;

    /// <summary>The registered clients by client ID, as last sent.</summary>
    public ConcurrentDictionary<string, JsonObject> Registered { get; } = new();

    /// <summary>The registration access tokens, by client ID.</summary>
    public ConcurrentDictionary<string, string> RegistrationTokens { get; } = new();

    /// <summary>Called before the response to a registration; tests make it fail here.</summary>
    public Action<JsonObject>? OnRegistration { get; set; }

    /// <summary>Forgets the tokens that it issued to the API's own client, as an authority that was set up again would.</summary>
    public void ForgetRegistrars() => _registrars.Clear();

    private void MapRegistration(WebApplication app)
    {
        app.MapPost("/token", async (HttpContext http) =>
        {
            var form = await http.Request.ReadFormAsync();
            var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{OwnClient}:{OwnSecret}"));
            if (http.Request.Headers.Authorization.ToString() != expected || form["grant_type"] != "client_credentials" || form["scope"] != "clients:register")
            {
                return Results.Json(new { error = "invalid_client" }, statusCode: 401);
            }

            var token = Guid.NewGuid().ToString("N");
            _registrars[token] = OwnClient;
            return Results.Json(new { access_token = token, token_type = "Bearer", expires_in = 300 });
        });
        app.MapPost("/register", async (HttpContext http) =>
        {
            if (!_registrars.ContainsKey(BearerOf(http)))
            {
                return Results.StatusCode(401);
            }

            var metadata = JsonNode.Parse(await new StreamReader(http.Request.Body).ReadToEndAsync())!.AsObject();
            if (metadata["client_name"]!.GetValue<string>() == "Refused")
            {
                return Results.Json(new { error = "invalid_client_metadata", error_description = "This name is not taken." }, statusCode: 400);
            }

            var id = $"client-{Interlocked.Increment(ref _clients)}-{Guid.NewGuid().ToString("N")[..6]}";
            Registered[id] = metadata;
            RegistrationTokens[id] = Guid.NewGuid().ToString("N");
            var answer = Answer(id, metadata, withSecret: true);
            OnRegistration?.Invoke(answer);
            return Results.Text(answer.ToJsonString(), "application/json", statusCode: 201);
        });
        app.MapPut("/register/{id}", async (HttpContext http, string id) =>
        {
            if (!Opens(http, id))
            {
                return Results.StatusCode(401);
            }

            var metadata = JsonNode.Parse(await new StreamReader(http.Request.Body).ReadToEndAsync())!.AsObject();
            if (metadata["client_id"]?.GetValue<string>() != id)
            {
                return Results.Json(new { error = "invalid_client_metadata", error_description = "client_id" }, statusCode: 400);
            }

            var rotates = metadata["proofsheet_rotate_secret"]?.GetValue<bool>() == true;
            metadata.Remove("proofsheet_rotate_secret");
            Registered[id] = metadata;
            var answer = Answer(id, metadata, withSecret: rotates);
            OnRegistration?.Invoke(answer);
            return Results.Text(answer.ToJsonString(), "application/json");
        });
        app.MapDelete("/register/{id}", (HttpContext http, string id) =>
        {
            if (!Opens(http, id))
            {
                return Results.StatusCode(401);
            }

            Registered.TryRemove(id, out _);
            RegistrationTokens.TryRemove(id, out _);
            return Results.NoContent();
        });
    }

    private JsonObject Answer(string id, JsonObject metadata, bool withSecret)
    {
        var answer = metadata.DeepClone().AsObject();
        answer["client_id"] = id;
        answer["registration_client_uri"] = $"{Issuer}/register/{id}";
        answer["registration_access_token"] = RegistrationTokens[id];
        if (withSecret && metadata["token_endpoint_auth_method"]!.GetValue<string>() == "client_secret_basic")
        {
            answer["client_secret"] = Guid.NewGuid().ToString("N");
        }

        return answer;
    }

    private bool Opens(HttpContext http, string id) => RegistrationTokens.TryGetValue(id, out var token) && BearerOf(http) == token;

    private static string BearerOf(HttpContext http) =>
        http.Request.Headers.Authorization.ToString() is { Length: > 7 } header && header.StartsWith("Bearer ", StringComparison.Ordinal) ? header[7..] : "";
}
