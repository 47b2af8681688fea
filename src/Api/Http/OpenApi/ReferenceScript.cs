namespace Proofsheet.Api.Http.OpenApi;

/// <summary>
/// What the reference page lacks: tokens are for a studio, which the authorization request names. <c>/reference/index.html?studio=anna</c> signs in for that
/// one; without it, for no studio, which is enough to list one's studios and to make one.
/// </summary>
internal static class ReferenceScript
{
    public const string Name = "studio.js";

    public const string Text = """
        // The page makes itself when it has loaded; its settings are there right after.
        addEventListener('load', () => setTimeout(() => {
          const studio = new URLSearchParams(location.search).get('studio');
          if (!studio || !/^[a-z0-9-]{1,63}$/.test(studio)) return;
          const system = window.ui.getSystem();
          const settings = system.authSelectors.getConfigs() ?? {};
          system.authActions.configureAuth({ ...settings, additionalQueryStringParams: { acr_values: `tenant:${studio}` } });
        }));
        """;
}
