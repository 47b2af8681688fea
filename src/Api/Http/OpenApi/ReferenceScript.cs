namespace Proofsheet.Api.Http.OpenApi;

/// <summary>
/// What the reference page lacks: tokens are for a studio, which the authorization request names. <c>/reference/index.html?studio=anna</c> signs in for that
/// studio. Without the parameter it signs in for no studio, which is enough to list one's studios and to create one.
/// </summary>
internal static class ReferenceScript
{
    public const string Name = "studio.js";

    public const string Text = """
        // The page builds itself on load; its settings are available right after that.
        addEventListener('load', () => setTimeout(() => {
          const studio = new URLSearchParams(location.search).get('studio');
          if (!studio || !/^[a-z0-9-]{1,63}$/.test(studio)) return;
          const system = window.ui.getSystem();
          const settings = system.authSelectors.getConfigs() ?? {};
          system.authActions.configureAuth({ ...settings, additionalQueryStringParams: { acr_values: `tenant:${studio}` } });
        }));
        """;
}
