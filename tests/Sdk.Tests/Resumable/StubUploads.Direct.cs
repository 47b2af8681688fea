using System.Text.Json.Nodes;

namespace Proofsheet.Sdk.Tests.Resumable;

// Files that bypass the API.
internal sealed partial class StubUploads
{
    /// <summary>Where whole files may be sent instead; null: nowhere.</summary>
    public StubObjects? Store { get; set; }

    private HttpResponseMessage Direct(string id)
    {
        if (!_uploads.TryGetValue(id, out var upload) || Store is null || upload.Bytes.Count > 0)
        {
            return StubServer.Problem(409, "direct_upload_unavailable");
        }

        return StubServer.Json(200, new JsonObject
        {
            ["url"] = new Uri(Store.Address, $"{id}/direct?signature=secret").AbsoluteUri,
            ["headers"] = new JsonObject { ["Content-Length"] = upload.Length.ToString(), ["x-ms-blob-type"] = "BlockBlob" },
            ["expiresAt"] = "2030-01-01T00:00:00Z",
        }.ToJsonString());
    }

    private HttpResponseMessage Complete(string id)
    {
        if (!_uploads.TryGetValue(id, out var upload))
        {
            return StubServer.Problem(404, "not_found");
        }

        if (upload.PhotoId is null && upload.Problem is null)
        {
            if (Store?.Objects.GetValueOrDefault($"/{id}/direct") is not { } bytes || bytes.Length != upload.Length)
            {
                return StubServer.Problem(409, "upload_not_stored");
            }

            upload.Bytes.AddRange(bytes);
            Finish(upload);
        }

        return upload.Problem is null ? StubServer.Json(200, Json(upload).ToJsonString()) : StubServer.Problem(422, upload.Problem);
    }
}
