using System.Net;
using System.Security.Cryptography;
using FluentAssertions;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.S3;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>URLs for clients without credentials of the store, tried as attackers would.</summary>
public abstract class PresignedContract<TStore> : StoreContract<TStore>
    where TStore : RemoteStoreUnderTest, new()
{
    private static readonly HttpClient Http = new();
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly byte[] _small = RandomNumberGenerator.GetBytes(700_001);

    private IPresignedAccess Presigned => (IPresignedAccess)Store;

    [Fact]
    public async Task A_signed_address_gives_its_object_as_a_download_and_no_other()
    {
        await Store.PutAsync(Key("signed"), new MemoryStream(_small), cancellation: None);
        await Store.PutAsync(Key("other"), new MemoryStream([1]), cancellation: None);
        var address = Presigned.PresignGet(Key("signed"), Minute, "image/jpeg", "attachment; filename=\"a b.jpg\"")!;

        using var answer = await Http.GetAsync(address, None);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await answer.Content.ReadAsByteArrayAsync(None)).Should().Equal(_small);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("image/jpeg");
        answer.Content.Headers.ContentDisposition!.DispositionType.Should().Be("attachment");
        (await StatusAsync(HttpMethod.Get, new Uri(address.ToString().Replace("/signed?", "/other?", StringComparison.Ordinal)))).Should().BeOneOf(401, 403);
        (await StatusAsync(HttpMethod.Get, new Uri(address.GetLeftPart(UriPartial.Path)))).Should().BeInRange(400, 404);
        (await StatusAsync(HttpMethod.Delete, address)).Should().BeOneOf(401, 403);
        (await StatusAsync(HttpMethod.Put, address, [1])).Should().BeOneOf(401, 403, 400);
        (await ReadAsync(Key("signed"))).Should().Equal(_small);
    }

    [Fact]
    public async Task A_signed_address_ends()
    {
        await Store.PutAsync(Key("signed"), new MemoryStream(_small), cancellation: None);
        var address = Presigned.PresignGet(Key("signed"), TimeSpan.FromSeconds(2), "image/jpeg", "attachment")!;
        (await StatusAsync(HttpMethod.Get, address)).Should().Be(200);

        // By the server's clock.
        await ApiHost.EventuallyAsync(async () => await StatusAsync(HttpMethod.Get, address) is 401 or 403, "the address ends");
    }

    [Fact]
    public async Task A_signed_put_takes_the_body_that_was_announced()
    {
        var put = Presigned.PresignPut(Key("sent"), Minute, _small.Length, Md5Of(_small))!;

        (await StatusAsync(HttpMethod.Put, put.Address, _small, put.Headers)).Should().BeOneOf(200, 201);

        (await ReadAsync(Key("sent"))).Should().Equal(_small);
        (await Store.StatAsync(Key("sent"), None))!.Length.Should().Be(_small.Length);
    }

    [Fact]
    public async Task A_signed_put_refuses_another_body_where_the_store_can()
    {
        var put = Presigned.PresignPut(Key("sent"), Minute, _small.Length, Md5Of(_small))!;
        var changed = _small.ToArray();
        changed[5] ^= 1;

        // With the original headers: the MD5 does not match.
        (await StatusAsync(HttpMethod.Put, put.Address, changed, put.Headers)).Should().BeInRange(400, 499);
        (await Store.ExistsAsync(Key("sent"), None)).Should().BeFalse();

        // With headers that match the other body, but not the signature.
        var own = new Dictionary<string, string>(put.Headers) { ["Content-MD5"] = Convert.ToBase64String(Md5Of(changed)) };
        (await StatusAsync(HttpMethod.Put, put.Address, changed, own) is >= 400 and < 500).Should().Be(put.BindsContent);
        var longer = _small.Append((byte)1).ToArray();
        own["Content-MD5"] = Convert.ToBase64String(Md5Of(longer));
        (await StatusAsync(HttpMethod.Put, put.Address, longer, own) is >= 400 and < 500).Should().Be(put.BindsContent);
        (await Store.ExistsAsync(Key("sent"), None)).Should().Be(!put.BindsContent);
    }

    [Fact]
    public async Task A_signed_put_without_an_md5_takes_the_length_that_was_announced()
    {
        var put = Presigned.PresignPut(Key("sent"), Minute, _small.Length, [])!;
        var longer = _small.Append((byte)1).ToArray();

        (await StatusAsync(HttpMethod.Put, put.Address, longer, put.Headers) is >= 400 and < 500).Should().Be(Store is S3Store, "S3 signs the length");
        (await StatusAsync(HttpMethod.Put, put.Address, _small, put.Headers)).Should().BeOneOf(200, 201);

        put.BindsContent.Should().BeFalse();
        (await ReadAsync(Key("sent"))).Should().Equal(_small);
    }

#pragma warning disable CA5351 // The stores' own checksum.
    private static byte[] Md5Of(byte[] bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351

    /// <summary>Like any client, sends the request again if the store is too busy, as a server on a machine full of tests may be.</summary>
    private static async Task<int> StatusAsync(HttpMethod method, Uri address, byte[]? body = null, IReadOnlyDictionary<string, string>? headers = null)
    {
        var status = 503;
        for (var attempt = 0; attempt < 5 && status == 503; attempt++)
        {
            status = await SendAsync(method, address, body, headers);
        }

        return status;
    }

    private static async Task<int> SendAsync(HttpMethod method, Uri address, byte[]? body, IReadOnlyDictionary<string, string>? headers)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Content = body is null ? null : new ByteArrayContent(body);
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
        {
            // The body sets its own length.
            if (name == "Content-MD5")
            {
                request.Content!.Headers.ContentMD5 = Convert.FromBase64String(value);
            }
            else if (name != "Content-Length")
            {
                request.Headers.Add(name, value);
            }
        }

        using var answer = await Http.SendAsync(request, None);
        return (int)answer.StatusCode;
    }
}
