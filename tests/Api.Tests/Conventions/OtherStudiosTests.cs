using FluentAssertions;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>
/// Generated from the public document, so that new operations are covered at once: every operation that has an ID, called with another
/// studio's credential, responds with 404 and changes nothing.
/// </summary>
[Trait("Database", "Provider")]
public sealed class OtherStudiosTests(ApiHost api)
{
    [Fact]
    public async Task Every_operation_with_an_id_answers_404_to_another_studio_and_changes_nothing()
    {
        var anna = await World.MakeAsync(api, "anna");
        var ben = await World.MakeAsync(api, "ben");
        var document = await OpenApiDocument.ReadAsync(api);
        var before = await TenantSnapshot.TakeAsync(api, anna.Studio.Id);
        var strays = new List<string>();
        var tried = 0;

        foreach (var operation in document.Operations.Where(o => o.PathParameters.Any(p => p.EndsWith("Id", StringComparison.Ordinal)) && o.Scopes.Count > 0))
        {
            foreach (var (who, client) in Callers(operation, ben))
            {
                tried++;
                var answer = await OperationCall.SendAsync(client, operation, anna);
                if (answer.Status != 404 || CodeOf(operation, answer) is not (null or "not_found"))
                {
                    strays.Add($"{operation} as {who}: {answer.Status} {answer.Text}");
                }
            }
        }

        strays.Should().BeEmpty();
        tried.Should().BeGreaterThan(40);
        (await TenantSnapshot.TakeAsync(api, anna.Studio.Id)).Should().Be(before);
    }

    [Fact]
    public async Task Every_operation_on_a_gallery_answers_404_to_a_visitor_of_another_gallery_of_the_same_studio()
    {
        var world = await World.MakeAsync(api, "anna");
        var other = (await world.Studio.Api.PostAsync("/v1/galleries", new { title = "Another", isListed = false })).ShouldBe(201);
        (await world.Studio.Api.PostAsync($"/v1/galleries/{other["id"]}/publish")).ShouldBe(200);
        var unlocked = (await api.Client(world.PublishableKey, world.Origin).PostAsync($"/v1/storefront/galleries/{other["slug"]}/unlock", new { })).ShouldBe(200);
        var stranger = api.Client(unlocked["token"], world.Origin);
        var document = await OpenApiDocument.ReadAsync(api);
        var before = await TenantSnapshot.TakeAsync(api, world.Studio.Id);
        var strays = new List<string>();

        foreach (var operation in document.Operations.Where(o => o.PathParameters.Any(p => p.EndsWith("Id", StringComparison.Ordinal)) && o.Scopes.Any(s => s.StartsWith("visitor:", StringComparison.Ordinal))))
        {
            var answer = await OperationCall.SendAsync(stranger, operation, world);
            if (answer.Status != 404)
            {
                strays.Add($"{operation}: {answer.Status} {answer.Text}");
            }
        }

        strays.Should().BeEmpty();
        (await TenantSnapshot.TakeAsync(api, world.Studio.Id)).Should().Be(before);
    }

    [Fact]
    public async Task Every_operation_is_closed_without_a_credential()
    {
        var world = await World.MakeAsync(api, "anna");
        var document = await OpenApiDocument.ReadAsync(api);
        var before = await TenantSnapshot.TakeAsync(api, world.Studio.Id);

        foreach (var operation in document.Operations.Where(o => o.Scopes.Count > 0))
        {
            (await OperationCall.SendAsync(api.Client(null), operation, world)).Status.Should().Be(401, "{0} needs a credential", operation);
        }

        (await TenantSnapshot.TakeAsync(api, world.Studio.Id)).Should().Be(before);
    }

    [Fact]
    public async Task Every_operation_of_a_studio_answers_404_to_an_account_that_does_not_belong_to_it_and_to_a_member_who_was_removed_mid_token()
    {
        var anna = await World.MakeAsync(api, "anna");
        var stranger = api.Client(api.Authority.Token(anna.Studio.Host.Authority.Account("stranger@example.com"), anna.Studio.Slug, MemberClient.AllScopes));
        var removed = await anna.Studio.MemberAsync("owner");
        (await removed.Api.GetAsync("/v1/studio")).ShouldBe(200);
        (await removed.Account.DeleteAsync($"/v1/studios/{anna.Studio.Id}/membership")).ShouldBe(204);
        var document = await OpenApiDocument.ReadAsync(api);
        var before = await TenantSnapshot.TakeAsync(api, anna.Studio.Id);
        var strays = new List<string>();
        var tried = 0;

        foreach (var operation in document.Operations.Where(o => o.Scopes.Intersect(Scopes.OfSecretKeys).Any() && !o.Scopes.Intersect(Scopes.OfAccounts).Any()))
        {
            foreach (var (who, client) in new[] { ("a stranger", stranger), ("a member who was removed", removed.Api) })
            {
                tried++;
                var answer = await OperationCall.SendAsync(client, operation, anna);
                if (answer.Status != 404 || CodeOf(operation, answer) is not (null or "unknown_studio"))
                {
                    strays.Add($"{operation} as {who}: {answer.Status} {answer.Text}");
                }
            }
        }

        strays.Should().BeEmpty();
        tried.Should().BeGreaterThan(100);
        (await TenantSnapshot.TakeAsync(api, anna.Studio.Id)).Should().Be(before);
    }

    /// <summary>Null only for HEAD, whose responses have no body.</summary>
    private static string? CodeOf(Operation operation, ApiAnswer answer) =>
        operation.Method == "HEAD" ? null : answer.Body?["code"]?.GetValue<string>() ?? "none";

    private static IEnumerable<(string Who, ApiClient Client)> Callers(Operation operation, World ben)
    {
        if (operation.Scopes.Intersect(Scopes.OfSecretKeys).Any())
        {
            yield return ("the other studio's secret key", ben.Studio.Api);
            yield return ("the other studio's owner with an access token", ben.Owner.Api);
        }

        if (operation.Scopes.Intersect(Scopes.OfAccounts).Any())
        {
            yield return ("an account of another studio, without naming one", ben.Owner.Account);
        }

        if (operation.Scopes.Intersect(Scopes.OfVisitors).Any())
        {
            yield return ("the other studio's visitor", ben.Visitor);
        }
    }
}
