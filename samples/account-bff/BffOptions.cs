using System.ComponentModel.DataAnnotations;

namespace Proofsheet.AccountBff;

/// <summary>The section <c>Bff</c>.</summary>
internal sealed class BffOptions
{
    /// <summary>The Proofsheet API, without <c>/v1</c>.</summary>
    [Required]
    public Uri? ApiUrl { get; init; }

    /// <summary>The issuer that people sign in at.</summary>
    [Required]
    public Uri? Authority { get; init; }

    [Required]
    public string ClientId { get; init; } = "";

    /// <summary>The client's secret. One of this and <see cref="ClientKeyFile"/>.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>A PEM file with the client's EC private key (private_key_jwt), which no request ever carries.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>What browsers call this: redirect addresses begin with it. Without it, the request's own host counts; the authority refuses any that is not registered.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Where the keys are that seal the cookies of sign-ins under way; without it, where ASP.NET Core keeps them.</summary>
    public string? KeysFolder { get; init; }

    public string Scope { get; init; } =
        "openid profile email offline_access studios:read studios:write galleries:read galleries:write photos:read photos:upload orders:read settings:read settings:write";

    /// <summary>A session that nobody used for so long has ended.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromHours(12);

    /// <summary>No session lives longer, whoever uses it.</summary>
    public TimeSpan SessionLimit { get; init; } = TimeSpan.FromDays(7);
}
