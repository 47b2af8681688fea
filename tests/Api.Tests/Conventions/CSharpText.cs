namespace Proofsheet.Api.Tests.Conventions;

/// <summary>A string in a source file.</summary>
/// <param name="Before">The code since the previous string, without comments and white space.</param>
/// <param name="Text">Its value, with <c>{}</c> for each interpolation.</param>
internal sealed record SourceString(string Before, string Text);

/// <summary>Finds the strings in C# source: understands just enough to tell them from code, comments and interpolations.</summary>
internal sealed class CSharpText
{
    private readonly List<SourceString> _found = [];
    private readonly string _source;
    private int _at;

    private CSharpText(string source) => _source = source;

    public static IReadOnlyList<SourceString> Strings(string source)
    {
        var text = new CSharpText(source);
        text.Code(untilBrace: false);
        return text._found;
    }

    private char Here => _at < _source.Length ? _source[_at] : '\0';

    private bool Sees(string part) => string.CompareOrdinal(_source, _at, part, 0, part.Length) == 0;

    private void Code(bool untilBrace)
    {
        var before = new System.Text.StringBuilder();
        var depth = 0;
        while (_at < _source.Length)
        {
            if (Sees("//"))
            {
                _at = End("\n");
            }
            else if (Sees("/*"))
            {
                _at = End("*/");
            }
            else if (Here == '\'')
            {
                _at += _source[_at + 1] == '\\' ? 2 : 1;
                _at = End("'");
            }
            else if (StringStart() is { } start)
            {
                _found.Add(new(before.ToString(), start()));
                before.Clear();
            }
            else
            {
                depth += Here switch { '{' or '(' or '[' => 1, '}' or ')' or ']' => -1, _ => 0 };
                if (untilBrace && depth < 0)
                {
                    _at++;
                    return;
                }

                if (!char.IsWhiteSpace(Here))
                {
                    before.Append(Here);
                }

                _at++;
            }
        }
    }

    private int End(string mark) => _source.IndexOf(mark, _at, StringComparison.Ordinal) is >= 0 and var end ? end + mark.Length : _source.Length;

    private Func<string>? StringStart()
    {
        var dollars = Count('$', _at);
        var quote = _at + dollars;
        if (dollars == 0 && Sees("@\""))
        {
            _at += 2;
            return Verbatim;
        }

        var quotes = Count('"', quote);
        if (quotes == 0)
        {
            return null;
        }

        if (quotes >= 3)
        {
            _at = quote + quotes;
            return () => Body(new string('"', quotes), dollars, escapes: false);
        }

        _at = quote + 1;
        return () => Body("\"", dollars, escapes: true);
    }

    private int Count(char c, int from)
    {
        var end = from;
        while (end < _source.Length && _source[end] == c)
        {
            end++;
        }

        return end - from;
    }

    private string Verbatim()
    {
        var start = _at;
        while (Here != '"' || Sees("\"\""))
        {
            _at += Here == '"' ? 2 : 1;
        }

        return _source[start.._at++];
    }

    private string Body(string end, int dollars, bool escapes)
    {
        var text = new System.Text.StringBuilder();
        while (_at < _source.Length && !Sees(end))
        {
            if (escapes && Here == '\\')
            {
                text.Append(_source, _at, 2);
                _at += 2;
            }
            else if (dollars > 0 && Count('{', _at) >= dollars)
            {
                if (escapes && Sees("{{"))
                {
                    text.Append('{');
                    _at += 2;
                    continue;
                }

                _at += dollars;
                Code(untilBrace: true);
                _at += dollars - 1;
                text.Append("{}");
            }
            else
            {
                text.Append(Here);
                _at++;
            }
        }

        _at += end.Length;
        return text.ToString();
    }
}
