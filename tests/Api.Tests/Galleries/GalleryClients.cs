using System.Text.Json.Nodes;
using Proofsheet.Api.Tests.Support;

namespace Proofsheet.Api.Tests.Galleries;

/// <summary>A gallery created for one test.</summary>
/// <param name="Storefront">A client with a publishable key of the studio.</param>
public sealed record GalleryClient(StudioClient Studio, ApiClient Storefront, string Id, string Slug, string? Pin)
{
    public string Path => $"/v1/galleries/{Id}";

    public Task<ApiAnswer> UnlockAsync(object? body = null) =>
        Storefront.PostAsync($"/v1/storefront/galleries/{Slug}/unlock", body ?? (Pin is null ? new { } : new { pin = Pin }));

    /// <summary>A visitor who has opened the gallery.</summary>
    public async Task<VisitorClient> VisitorAsync(string? name = null, string? email = null)
    {
        var body = new JsonObject { ["pin"] = Pin, ["visitorName"] = name, ["visitorEmail"] = email };
        var answer = (await UnlockAsync(body)).ShouldBe(200);
        return new VisitorClient(Studio.Host.Client(answer["token"]), answer["token"], answer["visitorId"]);
    }
}

public sealed record VisitorClient(ApiClient Api, string Token, string Id);

public static class GalleryClients
{
    /// <summary>A published gallery of the studio: with this PIN, or public without one.</summary>
    public static async Task<GalleryClient> GalleryAsync(this StudioClient studio, string? pin = null, string title = "Clara & Jonas", object? more = null)
    {
        var body = new JsonObject { ["title"] = title, ["isListed"] = pin is null, ["requires"] = pin is null ? "none" : "pin" };
        if (pin is not null)
        {
            body["pin"] = pin;
        }

        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(more ?? new { })!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        var made = (await studio.Api.PostAsync("/v1/galleries", body)).ShouldBe(201);
        (await studio.Api.PostAsync($"/v1/galleries/{made["id"]}/publish")).ShouldBe(200);
        var storefront = studio.Host.Client(await studio.PublishableKeyAsync());
        return new GalleryClient(studio, storefront, made["id"], made["slug"], pin);
    }
}
