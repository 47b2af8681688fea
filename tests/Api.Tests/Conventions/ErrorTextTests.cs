using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>
/// What an error tells a client to do can be done. API names are in backticks in details and in docs/errors.md; each one is in
/// openapi/api.json, and a sentence that tells the client to call something contains such a name.
/// </summary>
public sealed partial class ErrorTextTests
{
    private static readonly ApiNames Names = ApiNames.Read();

    private static IEnumerable<(string Where, string Text)> Texts() =>
        Details().Select(d => (d.Where, d.Text))
            .Concat(ErrorTable.Rows().SelectMany(r => new[] { ($"docs/errors.md, {r.Code}", r.Meaning), ($"docs/errors.md, {r.Code}", r.WayOut) }));

    [Fact]
    public void Every_name_in_the_text_of_an_error_is_a_name_of_the_API()
    {
        Details().Should().HaveCountGreaterThan(150, "the details are found in the source");
        Texts().Where(t => t.Text.Count(c => c == '`') % 2 == 1).Should().BeEmpty("backticks come in pairs");
        Texts().SelectMany(t => Named().Matches(t.Text).Select(m => (t.Where, Name: m.Groups[1].Value))).Where(n => !n.Name.Contains("{}", StringComparison.Ordinal) && !Names.Has(n.Name))
            .Should().BeEmpty("the OpenAPI document has each");
    }

    [Fact]
    public void Every_name_in_a_description_of_the_API_is_a_name_of_the_API() =>
        Sources().SelectMany(s => s.Strings.Where(t => t.Before.EndsWith("WithDescription(", StringComparison.Ordinal)).Select(t => (s.File, t.Text)))
            .SelectMany(t => Named().Matches(t.Text).Select(m => (t.File, Name: m.Groups[1].Value))).Where(n => !Names.Has(n.Name))
            .Should().BeEmpty("the OpenAPI document has each");

    [Fact]
    public void No_name_of_the_API_stands_in_the_text_of_an_error_without_backticks() =>
        Texts().SelectMany(t => Unmarked().Matches(Named().Replace(t.Text, "")).Select(m => (t.Where, Name: m.Value)))
            .Concat(Texts().SelectMany(t => Word().Matches(Named().Replace(t.Text, "")).Select(m => (t.Where, Name: m.Value)).Where(n => Names.Operations.Contains(n.Name) && n.Name.Skip(1).Any(char.IsUpper))))
            .Should().BeEmpty("a name without them is not looked up");

    [Fact]
    public void A_sentence_that_tells_a_client_to_call_something_names_it() =>
        Texts().SelectMany(t => Sentences(t.Text).Select(s => (t.Where, Sentence: s)))
            .Where(s => Instruction().IsMatch(s.Sentence) && !s.Sentence.Contains('`', StringComparison.Ordinal) && !NoCall().IsMatch(s.Sentence))
            .Should().BeEmpty("what cannot be named is not there to be called");

    [Fact]
    public void No_text_of_an_error_tells_of_an_action_that_no_operation_does() =>
        Texts().SelectMany(t => Actions().Matches(Named().Replace(t.Text, "")).Select(m => (t.Where, Action: m.Groups[1].Value.ToLowerInvariant())))
            .Where(a => !Names.Operations.Any(o => o.Contains(a.Action[..^1], StringComparison.OrdinalIgnoreCase)))
            .Should().BeEmpty("each has an operation");

    [Fact]
    public void Every_field_that_an_error_points_to_is_a_field_of_the_API()
    {
        var pointed = Details().SelectMany(d => d.Fields.SelectMany(f => f.Split('.')).Where(part => part.Length > 0).Select(part => (d.Where, Field: part))).ToList();

        pointed.Should().HaveCountGreaterThan(60);
        pointed.Where(f => !Names.Fields.Contains(f.Field)).Should().BeEmpty();
    }

    private sealed record Detail(string Where, string Text, IReadOnlyList<string> Fields);

    private static IEnumerable<(string File, IReadOnlyList<SourceString> Strings)> Sources() => Repository.Files("src/Api", "*.cs")
        .Where(f => !f.Contains("/Migrations/", StringComparison.Ordinal)).Select(f => (f, CSharpText.Strings(Repository.Read(f))));

    private static List<Detail> Details()
    {
        var details = new List<Detail>();
        foreach (var (file, strings) in Sources())
        {
            for (var i = 0; i < strings.Count; i++)
            {
                // After a code, literal or constant; or the only argument of an error that gets its code elsewhere.
                var isDetail = AfterCode().IsMatch(strings[i].Before) && i > 0 && Code().IsMatch(strings[i - 1].Text)
                    || AfterConstant().IsMatch(strings[i].Before) || OnlyArgument().IsMatch(strings[i].Before);
                if (!isDetail || !strings[i].Text.Contains(' ', StringComparison.Ordinal))
                {
                    continue;
                }

                var isRule = i > 0 && strings[i - 1].Before.EndsWith("Problems.Rule(", StringComparison.Ordinal);
                var text = strings[i].Text;
                while (i + 1 < strings.Count && strings[i + 1].Before == "+")
                {
                    text += strings[++i].Text;
                }

                // Rule(code, detail, field), where a condition may select the field.
                var fields = isRule ? strings.Skip(i + 1).TakeWhile(s => s.Before.StartsWith(',') || s.Before == ":").TakeWhile(s => !s.Before.Contains(')', StringComparison.Ordinal)).Select(s => s.Text) : [];
                details.Add(new($"{file}: {text}", text, [.. fields]));
            }
        }

        return details;
    }

    private static IEnumerable<string> Sentences(string text) => SentenceEnd().Split(text).Select(s => s.Trim()).Where(s => s.Length > 0);

    [GeneratedRegex(@"^,(FormattableString\.Invariant\()?$")]
    private static partial Regex AfterCode();

    [GeneratedRegex(@"\b\w+Code,$")]
    private static partial Regex AfterConstant();

    [GeneratedRegex(@"\b(UnsupportedMedia|Refused)\($")]
    private static partial Regex OnlyArgument();

    [GeneratedRegex("^[a-z][a-z0-9_]+$")]
    private static partial Regex Code();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Named();

    // camelCase, snake_case, Header-Case.
    [GeneratedRegex(@"\b([a-z]+([A-Z][a-z]+)+|[a-z]+(_[a-z]+)+|[A-Z][a-z]+(-[A-Z][a-z]+)+)\b")]
    private static partial Regex Unmarked();

    [GeneratedRegex(@"\b[A-Z][A-Za-z]+\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<=[.;?])\s+|, or |, then ")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex("^(Accept|Add|Assign|Begin|Cancel|Change|Choose|Clear|Complete|Create|Delete|Export|Finish|Give|Invite|List|Lock|Make|Mark|Name|Order|Pay|Pick|Publish|Put|Quote|Raise|Read|Refund|Register|Remove|Reopen|Request|Resend|Restore|Retry|Revoke|Rotate|Say|Send|Set|Submit|Take|Unlock|Upload|Withdraw)\\b", RegexOptions.IgnoreCase)]
    private static partial Regex Instruction();

    // Repeating the same request, and actions outside of the API.
    [GeneratedRegex("^(Send (it|the (complete )?files?|them|these bytes|the media type|the one|each|a photograph|JPEG,) |Send less|Make several|Read it again|Read what it made|Export (as|it as|a smaller)|Make a new proof|Give each)", RegexOptions.IgnoreCase)]
    private static partial Regex NoCall();

    [GeneratedRegex(@"\b(archive|cancel|duplicate|exchange|merge|refund|renew|reopen|replay|resend|restore|revoke|rotate|transfer|undelete|upgrade|withdraw)(?:e?d|s|ing)?\b", RegexOptions.IgnoreCase)]
    private static partial Regex Actions();
}
