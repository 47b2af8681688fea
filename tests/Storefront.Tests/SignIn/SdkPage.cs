using Proofsheet.Storefront.Tests.Stage;

namespace Proofsheet.Storefront.Tests.SignIn;

/// <summary>A page where users sign in.</summary>
internal static class SdkPage
{
    private const string Html = """
        <!doctype html>
        <html lang="en"><title>A page</title>
        <script type="importmap">{ "imports": {
          "@proofsheet/sdk": "/sdk/dist/index.js", "@proofsheet/sdk/sign-in": "/sdk/dist/sign-in.js", "oauth4webapi": "/sdk/node_modules/oauth4webapi/build/index.js" } }</script>
        <p id="who"></p><button id="in">in</button> <button id="out">out</button> <button id="list">galleries</button><p id="answer"></p>
        <script type="module">
          import { createProofsheet } from '@proofsheet/sdk';
          import { createSignIn } from '@proofsheet/sdk/sign-in';
          const at = (id) => document.getElementById(id);
          const auth = createSignIn({ authority: 'ISSUER', clientId: 'page', scope: 'openid profile galleries:read offline_access', tenant: 'STUDIO', signedOutUri: location.origin + '/' });
          const proofsheet = createProofsheet({ baseUrl: 'API', key: auth.token, fetch: (request) => fetch(new Request(request, { mode: 'cors' })) });
          const show = () => { at('who').textContent = auth.user?.name ?? 'nobody'; };
          auth.onChange(show);
          at('in').onclick = () => auth.signIn({ returnTo: '/inside?x=1' });
          at('out').onclick = () => auth.signOut();
          at('list').onclick = async () => { at('answer').textContent = `${(await proofsheet.galleries.list()).data.length} galleries`; };
          if (location.pathname === '/signed-in') history.replaceState(null, '', (await auth.completeSignIn()).returnTo);
          else await auth.restore();
          show();
        </script>
        """;

    public static SdkSite Open(SignInStage stage) => new(stage.Page, Html.Replace("ISSUER", stage.Issuer, StringComparison.Ordinal)
        .Replace("STUDIO", SignInStage.Slug, StringComparison.Ordinal).Replace("API", stage.Api.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));
}
