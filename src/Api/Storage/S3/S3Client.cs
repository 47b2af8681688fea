using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace Proofsheet.Api.Storage.S3;

/// <summary>The client library, set so that servers other than AWS understand it. Attempts and timeouts are the store's own.</summary>
internal static class S3Client
{
    public static AmazonS3Client Make(S3StoreOptions options)
    {
        var config = new AmazonS3Config
        {
            // Elsewhere trailing checksums end up in the objects, or are refused; an MD5 goes with each body instead.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = options.PathStyle ?? options.Endpoint.Length > 0,
            MaxErrorRetry = 0,
            Timeout = TimeSpan.FromHours(2),
            ThrottleRetries = false,
        };
        if (options.Endpoint.Length > 0)
        {
            config.ServiceURL = options.Endpoint;
            config.AuthenticationRegion = options.Region.Length > 0 ? options.Region : "us-east-1";
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return options.AccessKey.Length > 0
            ? new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config)
            : new AmazonS3Client(config);
    }
}
