using Proofsheet.Storefront.Tests.Stage;

namespace Proofsheet.Storefront.Tests.Uploading;

/// <summary>A page for choosing and uploading photos, which remembers unfinished uploads.</summary>
internal static class UploadPage
{
    private const string Html = """
        <!doctype html>
        <html lang="en"><title>Uploads</title>
        <script type="importmap">{ "imports": { "@proofsheet/sdk": "/sdk/dist/index.js", "@proofsheet/sdk/uploads": "/sdk/dist/uploads.js" } }</script>
        <label>Photographs <input id="files" type="file" multiple></label>
        <progress id="bar" max="100" value="0"></progress><p id="stage"></p><p id="done"></p>
        <script type="module">
          import { createProofsheet } from '@proofsheet/sdk';
          import { resumableUpload, storageSessions } from '@proofsheet/sdk/uploads';
          const at = (id) => document.getElementById(id);
          const proofsheet = createProofsheet({ baseUrl: 'API', key: 'KEY', retry: { baseDelayMs: 100, maxDelayMs: 500 } });
          at('files').onchange = async () => {
            const upload = resumableUpload(proofsheet, 'GALLERY', at('files').files, {
              sessions: storageSessions(), sendsDirectly: DIRECTLY, chunkBytes: 131072, concurrency: 2,
              onProgress: (p) => { at('bar').value = p.percent; at('stage').textContent = p.stage; },
            });
            const results = await upload.run();
            at('done').textContent = results.map((r) => `${r.fileName} ${r.outcome}`).join(', ');
          };
        </script>
        """;

    public static SdkSite Open(UploadStage stage, string gallery, bool sendsDirectly) => new(stage.Page, Html.Replace("DIRECTLY", sendsDirectly ? "true" : "false", StringComparison.Ordinal)
        .Replace("GALLERY", gallery, StringComparison.Ordinal).Replace("KEY", stage.Key, StringComparison.Ordinal).Replace("API", stage.Api.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));
}
