using System.ComponentModel.DataAnnotations;

namespace Proofsheet.AccountBff;

/// <summary>The section <c>Bff</c>.</summary>
internal sealed class BffOptions
{
    /// <summary>The base URL of the Proofsheet API, without <c>/v1</c>.</summary>
    [Required]
    public Uri? ApiUrl { get; init; }

    /// <summary>The issuer where users sign in.</summary>
    [Required]
    public Uri? Authority { get; init; }

    [Required]
    public string ClientId { get; init; } = "";

    /// <summary>The client's secret. Set either this or <see cref="ClientKeyFile"/>.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>A PEM file with the client's EC private key (private_key_jwt), which is never sent.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>The public URL, which redirect URIs start with. Default: the request's host; the authority refuses hosts that are not registered.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The folder of the keys that seal the cookies of pending sign-ins; default: where ASP.NET Core keeps them.</summary>
    public string? KeysFolder { get; init; }

    public string Scope { get; init; } =
        "openid profile email offline_access studios:read studios:write galleries:read galleries:write photos:read photos:upload orders:read settings:read settings:write";

    /// <summary>A session that is not used for this long ends.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromHours(12);

    /// <summary>The longest lifetime of a session, no matter how much it is used.</summary>
    public TimeSpan SessionLimit { get; init; } = TimeSpan.FromDays(7);
}
