using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Proofsheet.Sdk.Tests.Resumable;

/// <summary>An in-memory gallery in place of the network: it accepts resumable uploads, enforces the protocol's rules and fails as a test asks.</summary>
internal sealed partial class StubUploads : HttpMessageHandler
{
    private readonly Dictionary<string, StubUpload> _uploads = [];
    private readonly Dictionary<string, int> _writers = [];
    private readonly Dictionary<string, HttpResponseMessage> _joined = [];
    private readonly object _lock = new();
    private int _number;

    /// <summary>Chooses a fault by the method and the number of earlier requests with it.</summary>
    public Func<string, int, Fault?> Faults { get; set; } = (_, _) => null;

    /// <summary>Awaited before a request is processed.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task> Arriving { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Why a whole file is refused; null: it is accepted.</summary>
    public Func<string, string?> Refuses { get; set; } = _ => null;

    public List<(string Method, Uri Address, string? Authorization)> Asked { get; } = [];

    /// <summary>The bytes of each photo by its ID.</summary>
    public Dictionary<string, byte[]> Photos { get; } = [];

    public List<(string Title, string Id)> Sections { get; } = [];

    public List<int> Batches { get; } = [];

    public List<string> SectionsOfPhotos { get; } = [];

    /// <summary>How many times two requests wrote to the same upload at once.</summary>
    public int Overlaps { get; private set; }

    public long BytesTaken { get; private set; }

    public int OpenUploads => _uploads.Values.Count(u => u.PhotoId is null && !u.IsPart);

    public ProofsheetClient Client() => new(new ProofsheetOptions
    {
        BaseAddress = new Uri("https://api.example"),
        Key = "ps_test",
        HttpClient = new HttpClient(this),
        RetryDelay = TimeSpan.FromMilliseconds(1),
    });

    public int Count(string method)
    {
        lock (_lock)
        {
            return Asked.Count(a => a.Method == method);
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var method = request.Method.Method;
        int before;
        lock (_lock)
        {
            before = Asked.Count(a => a.Method == method);
            Asked.Add((method, request.RequestUri!, request.Headers.Authorization?.ToString()));
        }

        await Arriving(request, cancellationToken);
        var id = request.RequestUri!.AbsolutePath.Split('/')[^1];
        Enter(method, id);
        try
        {
            var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
            var fault = Faults(method, before);
            lock (_lock)
            {
                return fault switch
                {
                    Fault.Answer answer => StubServer.Problem(answer.Status, answer.Code, answer.RetryAfter),
                    Fault.Page => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>Please sign in to the hotel's network.</html>", Encoding.UTF8, "text/html") },
                    Fault.Cut cut => Break(() => Append(request, id, body[..cut.Bytes], check: false)),
                    Fault.Lost => Break(() => Route(request, id, body)),
                    Fault.Takes takes => Append(request, id, body[..takes.Bytes], check: false),
                    Fault.Expired => Forget(id),
                    Fault.Behind behind => Shorten(id, behind.Bytes),
                    _ => Route(request, id, body),
                };
            }
        }
        finally
        {
            Leave(method, id);
        }
    }

    private HttpResponseMessage Route(HttpRequestMessage request, string id, byte[] body)
    {
        var path = request.RequestUri!.AbsolutePath;
        return (request.Method.Method, path.Split('/')[^1]) switch
        {
            ("POST", "uploads") => Create(request),
            ("POST", "upload-batches") => Batch(body),
            ("POST", "sections") => MakeSection(body),
            ("POST", "direct") => Direct(path.Split('/')[^2]),
            ("POST", "complete") => Complete(path.Split('/')[^2]),
            ("GET", "sections") => StubServer.Json(200, new JsonObject { ["data"] = new JsonArray([.. Sections.Select(s => new JsonObject { ["id"] = s.Id, ["title"] = s.Title })]) }.ToJsonString()),
            ("HEAD", _) when _uploads.TryGetValue(id, out var upload) => upload.Problem is null ? At(upload, 200) : new HttpResponseMessage((HttpStatusCode)422) { Content = new StringContent("") },
            ("GET", _) when _uploads.TryGetValue(id, out var upload) => StubServer.Json(200, Json(upload).ToJsonString()),
            ("PATCH", _) => Append(request, id, body, check: true),
            ("DELETE", _) => _uploads.Remove(id) ? new HttpResponseMessage(HttpStatusCode.NoContent) : StubServer.Problem(404, "not_found"),
            _ => StubServer.Problem(404, "not_found"),
        };
    }

    private HttpResponseMessage Create(HttpRequestMessage request)
    {
        var concat = Header(request, "Upload-Concat");
        if (concat is not null && _joined.TryGetValue(concat, out var joined))
        {
            return joined;
        }

        var metadata = (Header(request, "Upload-Metadata") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split(' ')).ToDictionary(p => p[0], p => Encoding.UTF8.GetString(Convert.FromBase64String(p[1])));
        if (metadata.GetValueOrDefault("sha256") is { } sha256 && PhotoOf(sha256) is { } photo)
        {
            return StubServer.Json(200, new JsonObject { ["id"] = null, ["status"] = "done", ["outcome"] = "duplicate", ["photo"] = new JsonObject { ["id"] = photo } }.ToJsonString());
        }

        var upload = Add(metadata.GetValueOrDefault("filename") ?? "part", concat?.StartsWith("final", StringComparison.Ordinal) == true ? 0 : long.Parse(Header(request, "Upload-Length")!), metadata.GetValueOrDefault("sectionId"));
        upload.IsPart = concat == "partial";
        if (concat?.StartsWith("final;", StringComparison.Ordinal) == true)
        {
            foreach (var part in concat["final;".Length..].Split(' '))
            {
                upload.Bytes.AddRange(_uploads[part.Split('/')[^1]].Bytes);
            }

            upload.Length = upload.Bytes.Count;
            Finish(upload);
        }

        var answer = At(upload, 201);
        if (Store is not null && concat is null)
        {
            answer.Content = StubServer.Json(201, new JsonObject { ["directUrl"] = $"http://inside.example/v1/uploads/{upload.Id}/direct" }.ToJsonString()).Content;
        }

        // As from a server that does not know about the proxy in front of it.
        answer.Headers.Location = new Uri($"http://inside.example/v1/uploads/{upload.Id}");
        if (concat is not null and not "partial")
        {
            _joined[concat] = answer;
        }

        return answer;
    }

    private HttpResponseMessage Batch(byte[] body)
    {
        var files = JsonNode.Parse(body)!["files"]!.AsArray();
        Batches.Add(files.Count);
        var seen = new HashSet<string>();
        var answers = files.Select((file, index) =>
        {
            var sha256 = file!["sha256"]?.GetValue<string>();
            var photo = sha256 is null ? null : PhotoOf(sha256);
            var isNew = photo is null && (sha256 is null || seen.Add(sha256));
            var section = file["section"] is { } title ? Sections.Find(s => s.Title == title.GetValue<string>()).Id : null;
            var upload = isNew ? Add(file["path"]!.GetValue<string>(), file["bytes"]!.GetValue<long>(), section) : null;
            return (JsonNode)new JsonObject
            {
                ["index"] = index,
                ["outcome"] = isNew ? "accepted" : "duplicate",
                ["status"] = isNew ? "open" : "done",
                ["uploadId"] = upload?.Id,
                ["directUrl"] = upload is null || Store is null ? null : $"http://inside.example/v1/uploads/{upload.Id}/direct",
                ["photoId"] = photo,
            };
        });
        return StubServer.Json(201, new JsonObject { ["id"] = "upb_1", ["files"] = new JsonArray([.. answers]) }.ToJsonString());
    }

    private HttpResponseMessage MakeSection(byte[] body)
    {
        var title = JsonNode.Parse(body)!["title"]!.GetValue<string>();
        Sections.Add((title, $"sec_{Sections.Count}"));
        return StubServer.Json(201, new JsonObject { ["id"] = Sections[^1].Id, ["title"] = title }.ToJsonString());
    }

    private HttpResponseMessage Append(HttpRequestMessage request, string id, byte[] body, bool check)
    {
        if (!_uploads.TryGetValue(id, out var upload))
        {
            return StubServer.Problem(404, "not_found");
        }

        if (long.Parse(Header(request, "Upload-Offset")!) != upload.Bytes.Count)
        {
            return StubServer.Problem(409, "upload_offset_conflict");
        }

        if (check && Header(request, "Upload-Checksum") != $"sha256 {Convert.ToBase64String(SHA256.HashData(body))}")
        {
            return StubServer.Problem(460, "upload_checksum_mismatch");
        }

        upload.Bytes.AddRange(body);
        BytesTaken += body.Length;
        if (upload.Bytes.Count == upload.Length && !upload.IsPart && upload.PhotoId is null)
        {
            Finish(upload);
        }

        return upload.Problem is null ? At(upload, 204) : StubServer.Problem(422, upload.Problem);
    }

    private void Finish(StubUpload upload)
    {
        upload.Problem = Refuses(upload.Name);
        if (upload.Problem is null)
        {
            var bytes = upload.Bytes.ToArray();
            var there = PhotoOf(Convert.ToHexStringLower(SHA256.HashData(bytes)));
            upload.Status = there is null ? "accepted" : "duplicate";
            upload.PhotoId = there ?? $"pho_{Photos.Count + 1}";
            Photos[upload.PhotoId] = bytes;
            SectionsOfPhotos.Add(upload.Section ?? "");
        }
    }

    private string? PhotoOf(string sha256) => Photos.FirstOrDefault(p => Convert.ToHexStringLower(SHA256.HashData(p.Value)) == sha256).Key;

    private StubUpload Add(string name, long length, string? section)
    {
        var upload = new StubUpload { Id = $"upl_{++_number}", Name = name, Length = length, Section = section };
        return _uploads[upload.Id] = upload;
    }

    private HttpResponseMessage Forget(string id)
    {
        _uploads.Remove(id);
        return StubServer.Problem(410, "upload_expired");
    }

    private HttpResponseMessage Shorten(string id, int bytes)
    {
        _uploads[id].Bytes.RemoveRange(bytes, _uploads[id].Bytes.Count - bytes);
        return StubServer.Problem(503, "unavailable");
    }

    private static HttpResponseMessage Break(Func<HttpResponseMessage> first)
    {
        first();
        throw new HttpRequestException("broken");
    }

    private static HttpResponseMessage At(StubUpload upload, int status)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("") };
        answer.Headers.Add("Upload-Offset", upload.Bytes.Count.ToString());
        if (upload.PhotoId is not null)
        {
            answer.Headers.Add("Proofsheet-Upload-Outcome", upload.Status);
            answer.Headers.Add("Proofsheet-Photo", upload.PhotoId);
        }

        return answer;
    }

    private static JsonObject Json(StubUpload upload) => new()
    {
        ["id"] = upload.Id,
        ["status"] = upload.Problem is not null ? "refused" : upload.PhotoId is not null ? "done" : "open",
        ["outcome"] = upload.Problem is not null ? "refused" : upload.Status,
        ["photo"] = upload.PhotoId is null ? null : new JsonObject { ["id"] = upload.PhotoId },
        ["problem"] = upload.Problem is null ? null : new JsonObject { ["code"] = upload.Problem, ["detail"] = $"It is {upload.Problem}." },
    };

    private static string? Header(HttpRequestMessage request, string name) => request.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private void Enter(string method, string id)
    {
        lock (_lock)
        {
            if (method == "PATCH" && (_writers[id] = _writers.GetValueOrDefault(id) + 1) > 1)
            {
                Overlaps++;
            }
        }
    }

    private void Leave(string method, string id)
    {
        lock (_lock)
        {
            if (method == "PATCH")
            {
                _writers[id]--;
            }
        }
    }
}
