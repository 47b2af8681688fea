using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Proofsheet.Storefront.Tests.Browsing;

/// <summary>Runs axe-core in a page. Deque's own package for Playwright opens another page for each run, which doubles the time of these tests.</summary>
internal static class Axe
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>What WCAG 2.2 asks for at levels A and AA, as far as a program can tell.</summary>
    public static object Wcag22 { get; } = new { type = "tag", values = new[] { "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa" } };

    /// <summary>The rules that depend on the color scheme.</summary>
    public static object Contrast { get; } = new { type = "rule", values = new[] { "color-contrast", "link-in-text-block" } };

    /// <summary>One line for each violation, with up to three of its elements.</summary>
    public static async Task<string[]> ViolationsAsync(IPage page, object rules)
    {
        await page.EvaluateAsync(Script);
        return await page.EvaluateAsync<string[]>(
            """
            async rules => (await axe.run(document, { runOnly: rules })).violations.map(violation =>
                `${violation.id} (${violation.impact}): ${violation.help}; ${violation.nodes.slice(0, 3).map(node => node.html).join(' | ')}`)
            """, rules);
    }
}
