using Microsoft.Extensions.Options;

namespace Proofsheet.Api.Galleries.Storefront;

/// <summary>The section <c>Storefront</c>.</summary>
internal sealed class StorefrontOptions
{
    /// <summary>Where clients open galleries: an http(s) URL without a query, to which <c>/g/{slug}</c> is appended.</summary>
    public string BaseUrl { get; init; } = "http://localhost:5081";

    internal sealed class Validation : IValidateOptions<StorefrontOptions>
    {
        public ValidateOptionsResult Validate(string? name, StorefrontOptions options) =>
            Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"Storefront:BaseUrl is '{options.BaseUrl}'; it is an http or https address without query, such as https://proofs.example.");
    }
}

internal sealed class GalleryAddresses(IOptions<StorefrontOptions> options)
{
    private readonly string _base = options.Value.BaseUrl.TrimEnd('/');

    public string Of(Gallery gallery) => $"{_base}/g/{gallery.Slug}";
}
