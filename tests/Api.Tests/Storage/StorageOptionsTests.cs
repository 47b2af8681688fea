using FluentAssertions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Remote;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

public sealed class StorageOptionsTests
{
    private const string Secret = "wJalrXUtnFEMI-this-must-not-be-shown";

    [Theory]
    [InlineData("Storage:DirectDownloads is set", "Provider=Disk;DirectDownloads=true")]
    [InlineData("Storage:DirectUploads is set", "Provider=Disk;DirectUploads=true")]
    [InlineData("Storage:S3:Bucket is empty", "Provider=S3;S3:Region=eu-central-1")]
    [InlineData("Storage:S3:Region is empty", "Provider=S3;S3:Bucket=b")]
    [InlineData("Storage:S3:Endpoint is not", "Provider=S3;S3:Bucket=b;S3:Endpoint=s3.example.com")]
    [InlineData("Storage:S3:Endpoint is not", "Provider=S3;S3:Bucket=b;S3:Endpoint=https://me:" + Secret + "@s3.example.com")]
    [InlineData("Storage:S3:AccessKey and Storage:S3:SecretKey", "Provider=S3;S3:Bucket=b;S3:Region=r;S3:SecretKey=" + Secret)]
    [InlineData("Storage:S3:PartMegabytes is 1", "Provider=S3;S3:Bucket=b;S3:Region=r;S3:PartMegabytes=1")]
    [InlineData("Storage:S3:Attempts is 0", "Provider=S3;S3:Bucket=b;S3:Region=r;S3:Attempts=0")]
    [InlineData("Storage:S3:StorageClasses", "Provider=S3;S3:Bucket=b;S3:Region=r;S3:StorageClasses:0:Keys=*/photos/*/original")]
    [InlineData("Storage:Azure:Container is empty", "Provider=Azure;Azure:AccountName=account;Azure:AccountKey=AAAA")]
    [InlineData("Storage:Azure:AccountName is not", "Provider=Azure;Azure:Container=c;Azure:AccountName=An/account;Azure:AccountKey=AAAA")]
    [InlineData("Storage:Azure:AccountKey is not", "Provider=Azure;Azure:Container=c;Azure:AccountName=account;Azure:AccountKey=" + Secret)]
    [InlineData("Storage:TemporaryFolder is empty", "Provider=S3;S3:Bucket=b;S3:Region=r;TemporaryFolder=")]
    public async Task A_wrong_setting_ends_the_start_with_a_sentence_and_without_a_secret(string message, string settings)
    {
        using var host = HostWith(settings);

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        refused.Message.Should().Contain(message).And.NotContain(Secret);
    }

    [Theory]
    [InlineData("Provider=S3;S3:Bucket=b;S3:Region=eu-central-1;S3:AccessKey=AKIA;S3:SecretKey=" + Secret, "S3Store")]
    [InlineData("Provider=S3;S3:Bucket=b;S3:Endpoint=http://127.0.0.1:1;S3:AccessKey=AKIA;S3:SecretKey=" + Secret, "S3Store")]
    [InlineData("Provider=Azure;Azure:Container=c;Azure:AccountName=account;Azure:AccountKey=AAAA", "AzureBlobStore")]
    [InlineData("Provider=Disk", "DiskStore")]
    public void The_provider_that_is_named_is_the_store(string settings, string store)
    {
        using var host = HostWith(settings);

        host.Services.GetRequiredService<IObjectStore>().GetType().Name.Should().Be(store);
    }

    [Theory]
    [InlineData("stu_1/photos/pho_1/original", "STANDARD_IA")]
    [InlineData("stu_1/photos/pho_1/v3/w-1a2b/300.jpg", "ONEZONE_IA")]
    [InlineData("stu_1/photos/pho_1/v3/300.jpg", null)]
    [InlineData("stu_1/photos/pho_1/original/more", null)]
    [InlineData("stu_1/downloads/ord_1/itm_1", null)]
    public void A_storage_class_is_chosen_by_the_key(string key, string? expected)
    {
        using var host = HostWith("Provider=S3;S3:Bucket=b;S3:Region=r;S3:StorageClasses:0:Keys=*/photos/*/original;S3:StorageClasses:0:Class=STANDARD_IA;"
            + "S3:StorageClasses:1:Keys=*/photos/*/v*/w-*/*;S3:StorageClasses:1:Class=ONEZONE_IA");
        RemoteStoreOptions options = host.Services.GetRequiredService<IOptions<StorageOptions>>().Value.S3;

        options.StorageClassOf(ObjectKey.Parse(key)).Should().Be(expected);
    }

    private static IHost HostWith(string settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Split(';').Select(s => s.Split('=', 2)).ToDictionary(s => $"Storage:{s[0]}", s => (string?)s[1]));
        builder.Services.AddStorage(builder.Configuration);
        return builder.Build();
    }
}
