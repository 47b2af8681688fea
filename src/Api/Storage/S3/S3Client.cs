using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace Proofsheet.Api.Storage.S3;

/// <summary>The client library, configured to work with servers other than AWS. The store does its own retries and timeouts.</summary>
internal static class S3Client
{
    public static AmazonS3Client Make(S3StoreOptions options)
    {
        var config = new AmazonS3Config
        {
            // Other servers store trailing checksums as part of the object or refuse them; an MD5 is sent with each body instead.
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
