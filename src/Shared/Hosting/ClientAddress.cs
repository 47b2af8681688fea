using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Proofsheet.Shared.Hosting;

/// <summary>The section <c>ForwardedHeaders</c>.</summary>
internal sealed class ClientAddressOptions
{
    /// <summary>The proxies in front of the program; X-Forwarded-For is trusted only from them. Empty: the client address is that of the connection.</summary>
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

    /// <summary>Anyone can send X-Forwarded-For, so without known proxies it is ignored.</summary>
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
