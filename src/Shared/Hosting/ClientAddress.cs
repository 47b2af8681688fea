using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Proofsheet.Shared.Hosting;

/// <summary>The section <c>ForwardedHeaders</c>.</summary>
internal sealed class ClientAddressOptions
{
    /// <summary>Addresses of the proxies in front of us; only from them is X-Forwarded-For believed. Empty: the connection says who calls.</summary>
    public IList<string> KnownProxies { get; init; } = [];
}

internal static class ClientAddress
{
    public static IServiceCollection AddClientAddress(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ClientAddressOptions>().Bind(configuration.GetSection("ForwardedHeaders"))
            .Validate(o => o.KnownProxies.All(p => IPAddress.TryParse(p, out _)), "ForwardedHeaders:KnownProxies holds IP addresses.")
            .ValidateOnStart();
        return services;
    }

    /// <summary>Anybody can write X-Forwarded-For: without known proxies it is not read at all.</summary>
    public static void UseClientAddress(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<IOptions<ClientAddressOptions>>().Value.KnownProxies;
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = proxies.Count };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownProxies.Add(IPAddress.Parse(proxy));
        }

        app.UseForwardedHeaders(options);
    }
}
