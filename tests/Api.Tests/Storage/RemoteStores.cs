namespace Proofsheet.Api.Tests.Storage;

/// <summary>The settings for a host that keeps its objects on a real server.</summary>
public static class RemoteStores
{
    /// <param name="provider"><c>S3</c>, which is Swift, or <c>Azure</c>, which is Azurite; each with its own location.</param>
    public static async Task<Dictionary<string, string?>> SettingsAsync(string provider)
    {
        var settings = new Dictionary<string, string?> { ["Storage:Provider"] = provider };
        if (provider == "S3")
        {
            var s3 = SwiftServer.Options(await SwiftServer.AddressAsync());
            (settings["Storage:S3:Bucket"], settings["Storage:S3:Endpoint"]) = (s3.Bucket, s3.Endpoint);
            (settings["Storage:S3:AccessKey"], settings["Storage:S3:SecretKey"]) = (s3.AccessKey, s3.SecretKey);
            return settings;
        }

        var azure = AzuriteServer.Options(await AzuriteServer.AddressAsync());
        (settings["Storage:Azure:Container"], settings["Storage:Azure:Endpoint"]) = (azure.Container, azure.Endpoint);
        (settings["Storage:Azure:AccountName"], settings["Storage:Azure:AccountKey"]) = (azure.AccountName, azure.AccountKey);
        return settings;
    }
}
